package names

// lookalike is the Latin letter in small that a letter of another alphabet looks like, or r.
//
//nolint:cyclop,gocyclo // a table
func lookalike(r rune) rune {
	switch r {
	case 'а', 'А', 'α', 'Α', 'Ꭺ':
		return 'a'
	case 'в', 'В', 'ь', 'Ь', 'β', 'Β', 'Ᏼ':
		return 'b'
	case 'с', 'С', 'Ꮯ':
		return 'c'
	case 'ԁ', 'Ԁ', 'Ꭰ':
		return 'd'
	case 'е', 'Е', 'є', 'Є', 'ҽ', 'ε', 'Ε', 'Ꭼ':
		return 'e'
	case 'ԍ', 'Ԍ', 'ց', 'Ꮐ':
		return 'g'
	case 'н', 'Н', 'һ', 'Һ', 'Η', 'հ', 'Ꮋ':
		return 'h'
	case 'і', 'І', 'ι', 'Ι', 'Ꭵ':
		return 'i'
	case 'ј', 'Ј', 'Ꭻ':
		return 'j'
	case 'к', 'К', 'κ', 'Κ', 'Ꮶ':
		return 'k'
	case 'ӏ', 'Ӏ', 'Ꮮ':
		return 'l'
	case 'м', 'М', 'Μ', 'Ꮇ':
		return 'm'
	case 'η', 'Ν', 'ո':
		return 'n'
	case 'о', 'О', 'ο', 'Ο', 'օ', 'Օ':
		return 'o'
	case 'р', 'Р', 'ρ', 'Ρ', 'Ꮲ':
		return 'p'
	case 'ԛ', 'Ԛ':
		return 'q'
	case 'г', 'Ꮢ':
		return 'r'
	case 'ѕ', 'Ѕ', 'Ꮪ':
		return 's'
	case 'т', 'Т', 'τ', 'Τ', 'Ꭲ':
		return 't'
	case 'и', 'υ', 'ս':
		return 'u'
	case 'ν', 'ѵ', 'Ѵ', 'Ꮩ':
		return 'v'
	case 'ω', 'ԝ', 'Ԝ', 'ѡ', 'Ѡ', 'Ꮃ':
		return 'w'
	case 'х', 'Х', 'χ', 'Χ':
		return 'x'
	case 'у', 'У', 'ү', 'Ү', 'γ', 'Υ':
		return 'y'
	case 'Ζ', 'Ꮓ':
		return 'z'
	}
	return r
}

// smallCapital is the plain letter of a small capital and of the letters of phonetics that look like plain ones, or r: nobody's
// language is written in them.
//
//nolint:cyclop,gocyclo // a table
func smallCapital(r rune) rune {
	switch r {
	case 'ᴀ', 'ɑ':
		return 'a'
	case 'ʙ':
		return 'b'
	case 'ᴄ':
		return 'c'
	case 'ᴅ':
		return 'd'
	case 'ᴇ':
		return 'e'
	case 'ꜰ':
		return 'f'
	case 'ɢ', 'ɡ':
		return 'g'
	case 'ʜ':
		return 'h'
	case 'ɪ', 'ɩ':
		return 'i'
	case 'ᴊ':
		return 'j'
	case 'ᴋ':
		return 'k'
	case 'ʟ':
		return 'l'
	case 'ᴍ':
		return 'm'
	case 'ɴ':
		return 'n'
	case 'ᴏ':
		return 'o'
	case 'ᴘ':
		return 'p'
	case 'ʀ':
		return 'r'
	case 'ꜱ':
		return 's'
	case 'ᴛ':
		return 't'
	case 'ᴜ':
		return 'u'
	case 'ᴠ':
		return 'v'
	case 'ᴡ':
		return 'w'
	case 'ʏ':
		return 'y'
	case 'ᴢ':
		return 'z'
	}
	return r
}
