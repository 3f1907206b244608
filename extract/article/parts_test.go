package article

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/rapsheet/rapsheet/intel"
)

// TestRepair holds both lists: what is mojibake and must be mended, and what only looks odd and must stay.
func TestRepair(t *testing.T) {
	for in, want := range map[string]string{
		"º£½ÇÊÓÆµ":                        "海角视频",
		"dÃ©robÃ©":                        "dérobé",
		"The groupâ€™s":                   "The group’s",
		"Ð¿Ñ€Ð¸Ð²ÐµÑ‚":                    "привет",
		"canÃ³nicaâ€\u009d":               "canónica”",
		"São Paulo":                       "São Paulo",
		"Müller Straße":                   "Müller Straße",
		"là »":                            "là »",
		"CAFÉ»":                           "CAFÉ»",
		"Ärger über Öl":                   "Ärger über Öl",
		"naïve façade, señor":             "naïve façade, señor",
		"„Das ist gut“, sagte Frau Özgür": "„Das ist gut“, sagte Frau Özgür",
		"ÆØÅ æøå":                         "ÆØÅ æøå",
		"25 °C ± 2 µm × 3 €":              "25 °C ± 2 µm × 3 €",
		"plain text":                      "plain text",
		"日本語はそのまま":                        "日本語はそのまま",
		"SÃO PAULO":                       "SÃO PAULO",
		"L’État à l’été":                  "L’État à l’été",
		"Łódź, Gdańsk, Škoda, İstanbul":   "Łódź, Gdańsk, Škoda, İstanbul",
		"Île-de-France … « à côté »":      "Île-de-France … « à côté »",
		"Naïveté — “quoted” – ‘text’ • dot": "Naïveté — “quoted” – ‘text’ • dot",
	} {
		if got := inline(in); got != want {
			t.Errorf("inline(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestJunk(t *testing.T) {
	for in, want := range map[string]bool{
		"º£½ÇÊÓÆµ": true, "\ufffd\ufffd\ufffd a": true, "São Paulo": false, "海角视频": false, "A plain line.": false, "": false,
	} {
		if got := isJunk(in); got != want {
			t.Errorf("isJunk(%q) = %v", in, got)
		}
	}
}

func encode(t *testing.T, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecode(t *testing.T) {
	chinese := "网络安全公司报告说攻击者进入了港口的系统并且复制了文件。该公司没有说明谁是攻击者。调查仍在继续。"
	japanese1 := "港の会社は、攻撃者がサーバーに侵入し、ファイルをコピーしたと発表した。調査は続いている。"
	russian := "Компания сообщила, что злоумышленники проникли в сеть порта и скопировали файлы."
	for name, c := range map[string]struct {
		body        []byte
		contentType string
		want        string
	}{
		"utf-8":                   {[]byte("Öl für São Paulo"), "text/html", "Öl für São Paulo"},
		"utf-8 called latin-1":    {[]byte("Öl für São Paulo, Łódź"), "text/html; charset=iso-8859-1", "Öl für São Paulo, Łódź"},
		"latin-1":                 {encode(t, charmap.ISO8859_1, "Müller Straße"), "text/html; charset=iso-8859-1", "Müller Straße"},
		"gbk by header":           {encode(t, simplifiedchinese.GBK, chinese), "text/html; charset=gbk", chinese},
		"gbk by meta":             {append([]byte("<meta charset=gbk>"), encode(t, simplifiedchinese.GBK, chinese)...), "text/html", "<meta charset=gbk>" + chinese},
		"late meta":               {append(append(bytes.Repeat([]byte(" "), 2000), "<meta charset=windows-1251>"...), encode(t, charmap.Windows1251, russian)...), "text/html", string(bytes.Repeat([]byte(" "), 2000)) + "<meta charset=windows-1251>" + russian},
		"gbk undeclared":          {encode(t, simplifiedchinese.GBK, chinese), "", chinese},
		"shift-jis undeclared":    {encode(t, japanese.ShiftJIS, japanese1), "", japanese1},
		"windows-1251 undeclared": {encode(t, charmap.Windows1251, russian), "", russian},
		"utf-16 with mark":        {encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "Öl"), "text/html", "Öl"},
		"one broken byte":         {[]byte("Äußerung über Öl und Süßes\xff, für alle"), "text/html; charset=utf-8", "Äußerung über Öl und Süßes\ufffd, für alle"},
		"nul":                     {[]byte("a\x00b\r\nc"), "text/plain", "ab\nc"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := decode(c.body, c.contentType); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestParseTime(t *testing.T) {
	for in, want := range map[string]string{
		"2025-03-14T09:30:00Z": "2025-03-14T09:30:00Z", "2025-03-14T09:30:00+0100": "2025-03-14T08:30:00Z", "2025-03-14": "2025-03-14",
		"2025-03-14T09:30:00": "2025-03-14", "2025-03-14 09:30": "2025-03-14", "20250314": "2025-03-14", "Fri, 14 Mar 2025 09:30:00 GMT": "2025-03-14T09:30:00Z",
		"2025-02-30": "", "yesterday": "", "2025": "", "1741944600": "",
	} {
		if got := parseTime(in).String(); got != want {
			t.Errorf("parseTime(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestVisibleDate(t *testing.T) {
	for in, want := range map[string]string{
		"Posted on March 14, 2025": "2025-03-14", "14 March 2025, 09:30": "2025-03-14", "14th of March 2025": "2025-03-14", "14. März 2025": "2025-03-14", "le 14 mars 2025": "2025-03-14",
		"14 de marzo de 2025": "2025-03-14", "14.03.2025": "2025-03-14", "Von Ada | 14.3.25": "2025-03-14", "2025-03-14": "2025-03-14", "2025年3月14日": "2025-03-14", "14 марта 2025": "2025-03-14",
		"13/03/2025": "2025-03-13", "03/13/2025": "2025-03-13", "3 - 9 March 2025": "", "version 3.10.2": "", "in March 2025": "", "32 March 2025": "", "10.0.2025.1": "",
	} {
		if got := visibleDate(in, false, false).String(); got != want {
			t.Errorf("visibleDate(%q) = %q, want %q", in, got, want)
		}
	}
	if got := visibleDate("03/04/2025", false, false); !got.IsZero() {
		t.Errorf("an ambiguous date was guessed: %s", got)
	}
	if got := visibleDate("03/04/2025", true, false).String() + visibleDate("03/04/2025", false, true).String(); got != "2025-03-042025-04-03" {
		t.Error(got)
	}
}

func TestPossible(t *testing.T) {
	now := time.Date(2025, 9, 1, 12, 0, 0, 0, time.UTC)
	for in, want := range map[string]bool{"2025-08-31": true, "2025-09-02": true, "2025-09-04": false, "1970-01-01": false, "": false, "2031-01-01": false} {
		m, err := intel.ParseMoment(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := possible(m, now); got != want {
			t.Errorf("possible(%q) = %v", in, got)
		}
	}
}

func TestNames(t *testing.T) {
	p := newPage(intel.Document{URL: "https://www.port-ledger.example/a"}, parsed(t, `<html><head><meta property="og:site_name" content="Port Ledger"></head></html>`))
	for in, want := range map[string][]string{
		"By Ada Lindqvist and Tomas Reyes":         {"Ada Lindqvist", "Tomas Reyes"},
		"Ada Lindqvist, Tomas Reyes & Mina Okafor": {"Ada Lindqvist", "Tomas Reyes", "Mina Okafor"},
		"Von Britta Öhlert":                        {"Britta Öhlert"},
		"Ada Lindqvist, Staff Writer":              {"Ada Lindqvist"},
		"Ada Lindqvist, Port Ledger":               {"Ada Lindqvist"},
		"https://www.facebook.com/ada":             nil,
		"@ada":                                     nil,
		"admin":                                    nil,
		"Port Ledger":                              nil,
		"ByAda Lindqvist Thursday, November 9":     {"Ada Lindqvist"},
		"Staff and wire reports":                   {"Staff and wire reports"},
		"Ada Lindqvist | 14 March 2025":            {"Ada Lindqvist"},
		"Ada Lindqvist (Lisbon)":                   {"Ada Lindqvist"},
		"ada.lindqvist@port-ledger.example":        nil,
		"José de la Cruz y María Gómez":            {"José de la Cruz", "María Gómez"},
	} {
		got := p.cleanNames([]string{in}, false)
		if len(got) != len(want) {
			t.Errorf("%q: %q, want %q", in, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q: %q, want %q", in, got, want)
			}
		}
	}
	if got := p.cleanNames([]string{"Port Ledger"}, true); len(got) != 1 {
		t.Errorf("the site's name was not kept when nothing else is known: %q", got)
	}
}

func TestStripSite(t *testing.T) {
	p := newPage(intel.Document{URL: "https://www.port-ledger.example/a"}, parsed(t, `<html><head><meta property="og:site_name" content="The Port Ledger"></head></html>`))
	for in, want := range map[string]string{
		"Ferries sail again | Port Ledger":               "Ferries sail again",
		"Ferries sail again - The Port Ledger":           "Ferries sail again",
		"Ferries sail again – Port Ledger | News, Ships": "Ferries sail again",
		"Port Ledger: Ferries sail again":                "Port Ledger: Ferries sail again",
		"Port Ledger | Ferries sail again":               "Ferries sail again",
		"Ferries - a history":                            "Ferries - a history",
		"APT-28 | what we know":                          "APT-28 | what we know",
	} {
		if got := p.stripSite(in); got != want {
			t.Errorf("stripSite(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	german := "Die Stadtwerke sind nach dem Angriff auf ihre Rechner wieder erreichbar, Rechnungen können aber weiterhin nicht verschickt werden, wie das Unternehmen mitteilte. "
	long := german + german + german + german
	for name, c := range map[string]struct{ given, declared, feed, text, want string }{
		"given": {"fr", "de", "", long, "fr"}, "declared": {"", "en-GB", "", "short", "en"}, "feed": {"", "", "pt-BR", "short", "pt"},
		"read": {"", "", "", german, "de"}, "template lies": {"", "en", "", long, "de"}, "too short": {"", "", "", "kurz", ""}, "near languages": {"", "no", "", "kort", "no"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := language(intel.Document{GivenLanguage: c.given, FeedLanguage: c.feed}, c.declared, c.text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAddress(t *testing.T) {
	for name, c := range map[string]struct{ at, head, want, from string }{
		"own":           {"https://a.example/x?utm_source=f", "", "https://a.example/x", ""},
		"canonical":     {"https://a.example/x?page=1", `<link rel="canonical" href="/y">`, "https://a.example/y", ""},
		"other host":    {"https://a.example/x", `<link rel="canonical" href="https://b.example/story/1">`, "https://a.example/x", "https://b.example/story/1"},
		"other port":    {"http://127.0.0.1:8001/x", `<link rel="canonical" href="http://127.0.0.1:8002/x">`, "http://127.0.0.1:8001/x", "http://127.0.0.1:8002/x"},
		"front page":    {"https://a.example/x", `<link rel="canonical" href="https://a.example/">`, "https://a.example/x", ""},
		"not a web one": {"https://a.example/x", `<link rel="canonical" href="javascript:alert(1)">`, "https://a.example/x", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPage(intel.Document{URL: c.at}, parsed(t, "<html><head>"+c.head+"</head></html>"))
			if got, from := p.address(); got != c.want || from != c.from {
				t.Errorf("got %q from %q", got, from)
			}
		})
	}
}

// TestPlainLabels: a saved text may say of itself what it is; what it does not say stays unknown.
func TestPlainLabels(t *testing.T) {
	body := "The operator of the harbour said on Friday that its systems were down after an intrusion that began on Wednesday night."
	for name, c := range map[string]struct{ text, title, date, site, author string }{
		"under the title": {"Harbour operator hit by attackers\nSource: Nordvik Post\nBy: Ada Lind\nSection: News\nDate: 2025-08-22\n" + body, "Harbour operator hit by attackers", "2025-08-22", "Nordvik Post", "Ada Lind"},
		"all labelled":    {"Title: Harbour operator hit\nURL: https://n.example/a\nPublished: 22 August 2025\n\n" + body, "Harbour operator hit", "2025-08-22", "", ""},
		"date first":      {"Date: 2025-08-22\n\nHarbour operator hit by attackers\n\n" + body, "Harbour operator hit by attackers", "2025-08-22", "", ""},
		"with the hour":   {"Harbour operator hit by attackers\nDate: 2025-08-22T10:00:00Z\n\n" + body, "Harbour operator hit by attackers", "2025-08-22T10:00:00Z", "", ""},
		"ambiguous":       {"Harbour operator hit by attackers\nDate: 03/04/2025\n\n" + body, "Harbour operator hit by attackers", "", "", ""},
		"a change only":   {"Harbour operator hit by attackers\nUpdated: 2025-08-22\n\n" + body, "Harbour operator hit by attackers", "", "", ""},
		"no label":        {"Breaking: harbour operator hit by attackers\n\n" + body, "Breaking: harbour operator hit by attackers", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Read(intel.Document{URL: "file:a.txt", ContentType: "text/plain", Body: []byte(c.text), Retrieved: fetched})
			if err != nil {
				t.Fatal(err)
			}
			if a.Title != c.title || a.Published.String() != c.date || a.SiteName != c.site || strings.Join(a.Authors, ";") != c.author {
				t.Errorf("%q %s %q %q", a.Title, a.Published, a.SiteName, a.Authors)
			}
			if !strings.HasSuffix(a.Text, body) || strings.Contains(a.Text, "Section") || strings.Contains(a.Text, "URL") {
				t.Errorf("text %q", a.Text)
			}
		})
	}
}

// TestDateline tells lines that only say who, when and where in the paper from lines of the article.
func TestDateline(t *testing.T) {
	for line, want := range map[string]bool{
		"06 Jun 2025 · Hexlane Intelligence · Ransomware":        true,
		"Security | 6 June 2025 | 4 min read":                    true,
		"By Ada Quill · 6 June 2025":                             true,
		"6 June 2025":                                            true,
		"On 6 June 2025 the Ferrol Clinic closed.":               false,
		"Ferrol Clinic | hit on 6 June 2025 by ransomware":       false,
		"6 June 2025 · The clinic was closed for a day by fraud": false,
		"Ferrol Clinic · Tarn Logistics · Osterby Mills":         false,
	} {
		if got := dateline(line) || divided(line); got != want {
			t.Errorf("%q: %v, want %v", line, got, want)
		}
	}
}
