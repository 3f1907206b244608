package feed

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// monthNames maps the beginnings of month names, as systems set to other languages write them into feeds, to the English ones.
var monthNames = func() map[string]string {
	out := map[string]string{}
	for line := range strings.SplitSeq(`Jan jan januar jänner janvier janv enero ene gennaio gen janeiro januari stycznia sty styczeń января янв січня ledna ocak
Feb feb februar feber février févr fév febrero febbraio fevereiro fev februari lutego lut luty февраля фев лютого února şubat
Mar mar märz mär mrz mars marzo março mrt maart marca марта мар березня března mart
Apr apr april avril avr abril abr aprile kwietnia kwi апреля апр квітня dubna nisan
May may mai mayo maggio mag maio mei maja maj мая травня května mayıs
Jun jun juni juin junio giugno giu junho czerwca cze июня июн червня června haziran
Jul jul juli juillet juil julio luglio lug julho lipca lip июля июл липня července temmuz
Aug aug august août aout agosto ago augustus sierpnia sie августа авг серпня srpna ağustos
Sep sep sept september septembre septiembre settembre set setembro września wrz сентября сен вересня září eylül
Oct oct okt oktober october octobre octubre ottobre ott outubro out października paź октября окт жовтня října ekim
Nov nov november novembre noviembre novembro listopada lis ноября ноя листопада listopadu kasım
Dec dec dez dezember december décembre déc diciembre dic dicembre dezembro grudnia gru декабря дек грудня prosince aralık`, "\n") {
		f := strings.Fields(line)
		for _, n := range f[1:] {
			out[n] = f[0]
		}
	}
	return out
}()

var (
	// written is a date with the name of its month, after a name of the day that is not looked at.
	written = regexp.MustCompile(`^(?:\p{L}{2,12}\.?,?\s+)?(\d{1,2})(?:\.|er|º|st|nd|rd|th)?\s+(?:de\s+)?(\p{L}{3,12})\.?\s+(?:de\s+)?(\d{4})(?:,?\s+(?:\p{L}{1,3}\s+)?(\d{1,2}:\d{2}(?::\d{2})?)(?:\s+([+-]\d{4}|GMT|UTC|Z))?.*)?$`)
	// zoneless begins with a day in numbers and goes on with a clock that names no zone.
	zoneless = regexp.MustCompile(`^(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$`)
	unix     = regexp.MustCompile(`^\d{10}(?:\d{3})?$`)
)

// abroad reads what systems set to another language write, what names a clock and no zone (of which the day alone is known), and
// seconds since 1970.
func abroad(raw string) intel.Moment {
	if m := zoneless.FindStringSubmatch(raw); m != nil {
		return calendar(m[1]+m[6], m[2]+m[5], m[3]+m[4])
	}
	if unix.MatchString(raw) {
		seconds, err := strconv.ParseInt(raw[:10], 10, 64)
		if err != nil {
			return intel.Moment{}
		}
		return intel.Instant(time.Unix(seconds, 0).UTC())
	}
	m := written.FindStringSubmatch(raw)
	if m == nil {
		return intel.Moment{}
	}
	month := monthNames[strings.ToLower(m[2])]
	if month == "" {
		return intel.Moment{}
	}
	day := m[1] + " " + month + " " + m[3]
	if m[4] != "" && m[5] != "" {
		clock, zone := m[4], m[5]
		if strings.Count(clock, ":") == 1 {
			clock += ":00"
		}
		if zone[0] >= 'A' {
			zone = "+0000"
		}
		if t, err := time.Parse("2 Jan 2006 15:04:05 -0700", day+" "+clock+" "+zone); err == nil {
			return precise(raw, t)
		}
	}
	t, err := time.Parse("2 Jan 2006", day)
	if err != nil {
		return intel.Moment{}
	}
	return precise("", t)
}

// calendar is the day of three numbers; unknown when there is none.
func calendar(year, month, day string) intel.Moment {
	t, err := time.Parse("2006-1-2", year+"-"+month+"-"+day)
	if err != nil {
		return intel.Moment{}
	}
	return precise("", t)
}
