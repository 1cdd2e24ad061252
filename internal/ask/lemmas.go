package ask

import (
	"strings"
	"unicode"
)

// words returns the words of a text as they are written, without small ones. The parts
// of a word with a hyphen also count as one: drop-off is drop, off and dropoff.
func words(text string) []string {
	var found []string
	for _, token := range tokens(text) {
		if !isSmall(token.word) {
			found = append(found, token.word)
		}
		if token.joined != "" {
			found = append(found, token.joined)
		}
	}
	return found
}

// isSmall reports whether a word says nothing about what is sought.
func isSmall(word string) bool {
	switch word {
	case "where", "when", "who", "why", "much", "many":
		return false
	case "t", "m", "d", "re", "ve", "ll", "don", "doesn", "didn", "isn", "wasn", "won", "couldn", "hasn", "haven", "he", "she", "his", "her", "him",
		"am", "if", "then", "but", "also", "want", "need", "like", "know", "got", "myself", "ourselves", "etc", "eg", "ie", "very", "too", "about",
		"now", "currently", "right", "actually", "everything", "something", "anything", "thing", "things", "here", "again",
		"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "tiktok":
		return true
	}
	return isFiller(word)
}

// token is a word of a text in small letters.
type token struct {
	word   string
	joined string // with the word before, if only a hyphen is between them
}

// tokens returns the words of a text.
func tokens(text string) []token {
	text = strings.ToLower(strings.NewReplacer("’", "'", "‘", "'", "e-mail", "email").Replace(text))
	var found []token
	start, hyphen := -1, false
	for i, r := range text + " " {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			t := token{word: text[start:i]}
			if hyphen {
				t.joined = found[len(found)-1].word + t.word
			}
			found = append(found, t)
			start = -1
			hyphen = r == '-'
		} else {
			hyphen = false
		}
	}
	return found
}

// lemma returns what the forms and spellings of a word have in common: the stem of its
// base, in American spelling.
func lemma(word string) string {
	if base, ok := irregular(word); ok {
		word = base
	}
	return american(stem(word))
}

// irregular returns the base of a word whose forms no ending shows.
func irregular(word string) (base string, ok bool) {
	switch word {
	case "sent":
		return "send", true
	case "bought":
		return "buy", true
	case "paid":
		return "pay", true
	case "sold":
		return "sell", true
	case "written", "wrote":
		return "write", true
	case "took", "taken":
		return "take", true
	case "gave", "given":
		return "give", true
	case "made":
		return "make", true
	case "came":
		return "come", true
	case "chose", "chosen":
		return "choose", true
	case "lost":
		return "lose", true
	case "kept":
		return "keep", true
	case "found":
		return "find", true
	case "told":
		return "tell", true
	case "said":
		return "say", true
	case "went", "gone":
		return "go", true
	case "saw", "seen":
		return "see", true
	case "brought":
		return "bring", true
	case "held":
		return "hold", true
	case "left":
		return "leave", true
	case "hidden", "hid":
		return "hide", true
	case "drew", "drawn":
		return "draw", true
	case "people", "persons":
		return "person", true
	case "media", "medium":
		return "media", true
	case "statuses":
		return "status", true
	case "pics", "pic":
		return "picture", true
	}
	return "", false
}

// american returns a stem in American spelling.
func american(word string) string {
	switch word {
	case "centr":
		return "center"
	case "catalogu":
		return "catalog"
	case "licenc":
		return "licens"
	case "fulfil":
		return "fulfill"
	case "enrol":
		return "enroll"
	case "enrolment", "fulfilment":
		return strings.Replace(word, "lment", "llment", 1)
	case "program", "programm":
		return "program"
	case "cheque":
		return "check"
	case "parcell", "labell", "cancell":
		return word[:len(word)-1]
	}
	if root, ok := strings.CutSuffix(word, "our"); ok && len(root) > 2 {
		return root + "or"
	}
	for _, ending := range []struct{ cut, put string }{{"isation", "ization"}, {"yse", "yze"}, {"ys", "yz"}, {"is", "iz"}} {
		if root, ok := strings.CutSuffix(word, ending.cut); ok && len(root) > 3 && ending.cut != "ys" {
			return root + ending.put
		}
	}
	return word
}

// root returns what a stem shares with words of other kinds: cancellation and cancel,
// payment and pay.
func root(stem string) string {
	for _, ending := range []struct {
		cut   string
		least int
	}{{"ization", 4}, {"ation", 4}, {"iz", 4}, {"ment", 3}, {"ion", 4}, {"anc", 5}, {"enc", 5}, {"abl", 4}, {"ability", 4}, {"ly", 3}, {"al", 5}, {"iv", 5}, {"at", 5}, {"y", 5}} {
		if r, ok := strings.CutSuffix(stem, ending.cut); ok && len(r) >= ending.least {
			return single(r)
		}
	}
	return stem
}
