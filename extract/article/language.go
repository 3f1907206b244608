package article

import (
	"strings"

	"github.com/RadhiFadlillah/whatlanggo"

	"github.com/rapsheet/rapsheet/intel"
)

const (
	// minDetect is how many letters a text must have before its language is guessed; sureDetect how many before a reliable guess
	// beats what the page's template claims.
	minDetect, sureDetect = 60, 400
	// maxDetect bounds the text that is looked at.
	maxDetect = 2400
)

// spoken are the languages that sources of reporting write; the detector chooses among them only.
var spoken = map[whatlanggo.Lang]bool{
	whatlanggo.Eng: true, whatlanggo.Deu: true, whatlanggo.Fra: true, whatlanggo.Spa: true, whatlanggo.Por: true, whatlanggo.Ita: true, whatlanggo.Nld: true,
	whatlanggo.Swe: true, whatlanggo.Dan: true, whatlanggo.Nob: true, whatlanggo.Fin: true, whatlanggo.Pol: true, whatlanggo.Ces: true, whatlanggo.Hun: true,
	whatlanggo.Ron: true, whatlanggo.Rus: true, whatlanggo.Ukr: true, whatlanggo.Bul: true, whatlanggo.Ell: true, whatlanggo.Tur: true, whatlanggo.Arb: true,
	whatlanggo.Heb: true, whatlanggo.Pes: true, whatlanggo.Hin: true, whatlanggo.Cmn: true, whatlanggo.Jpn: true, whatlanggo.Kor: true, whatlanggo.Vie: true,
	whatlanggo.Ind: true, whatlanggo.Tha: true, whatlanggo.Ben: true,
}

// language is the ISO 639-1 code of the article: given, else declared by page or feed, else read from the text. A long text that is
// clearly in another language than declared wins: templates often keep the lang of their maker.
func language(doc intel.Document, declared, text string) string {
	if l := baseLanguage(doc.GivenLanguage); l != "" {
		return l
	}
	said := firstOf(baseLanguage(declared), baseLanguage(doc.FeedLanguage))
	letters := countLetters(text)
	if letters < minDetect || said != "" && letters < sureDetect {
		return said
	}
	if len(text) > maxDetect {
		text = strings.ToValidUTF8(text[:maxDetect], "")
	}
	info := whatlanggo.DetectWithOptions(text, whatlanggo.Options{Whitelist: spoken})
	seen := info.Lang.Iso6391()
	switch {
	case said == "":
		return seen
	case seen == "" || seen == said || !info.IsReliable() || close2(seen, said):
		return said
	}
	return seen
}

// close2 says that two languages are so near that the detector's word does not beat the page's.
func close2(a, b string) bool {
	for _, g := range []string{"da no nb nn sv is", "es pt gl ca it", "ru uk bg be sr mk", "cs sk pl sl hr bs sr", "id ms", "hi mr ne", "fa ar ur", "de lb nl af", "zh ja"} {
		if hasWord(g, a) && hasWord(g, b) {
			return true
		}
	}
	return !known(b)
}

// known says that the detector could have answered l.
func known(l string) bool {
	for s := range spoken {
		if s.Iso6391() == l {
			return true
		}
	}
	return false
}

// baseLanguage is the two-letter language of a tag such as en-GB or de_DE; empty when it is none.
func baseLanguage(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(tag, "-_;, "); i >= 0 {
		tag = tag[:i]
	}
	if l, ok := map[string]string{"english": "en", "german": "de", "deutsch": "de", "french": "fr", "spanish": "es", "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "nb": "no", "nn": "no", "iw": "he", "in": "id"}[tag]; ok {
		return l
	}
	if len(tag) != 2 {
		return ""
	}
	for i := range len(tag) {
		if tag[i] < 'a' || tag[i] > 'z' {
			return ""
		}
	}
	return tag
}
