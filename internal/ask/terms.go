package ask

import (
	"strings"
	"unicode"
)

// terms returns the stems of the words of a text, without fillers.
func terms(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	found := words[:0]
	for _, word := range words {
		if !isFiller(word) {
			found = append(found, stem(word))
		}
	}
	return found
}

// isFiller reports whether a word says nothing about a field.
func isFiller(word string) bool {
	switch word {
	case "a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "did", "do", "does", "for", "from", "get", "had", "has", "have", "how", "i",
		"in", "into", "is", "it", "its", "many", "me", "much", "my", "of", "off", "on", "one", "or", "out", "over", "s", "should", "so", "than", "that", "the",
		"their", "there", "they", "this", "to", "up", "was", "we", "were", "what", "when", "where", "which", "who", "whose", "why", "will", "with", "you", "your",
		"could", "may", "must", "would", "our", "us", "them", "these", "those", "please", "show", "tell", "give", "let", "any", "some", "just", "ever", "being":
		return true
	}
	return false
}

// stem cuts off the endings of an English word that do not change its subject:
// shipped, shipping and ships become ship.
func stem(word string) string {
	const least = 3 // letters that are left
	for _, ending := range []struct{ cut, put string }{{"ies", "y"}, {"sses", "ss"}, {"ing", ""}, {"ed", ""}, {"es", ""}, {"s", ""}} {
		root, ok := strings.CutSuffix(word, ending.cut)
		if !ok || len(root) < least || ending.cut == "s" && strings.HasSuffix(root, "s") || !strings.ContainsAny(root, "aeiouy") {
			continue
		}
		word = root + ending.put
		if ending.put == "" && len(ending.cut) > 1 {
			word = single(word)
		}
		break
	}
	if len(word) > least {
		word = strings.TrimSuffix(word, "e")
	}
	return word
}

// single removes one of two equal letters at the end that an ending brought:
// shipp becomes ship and cancell cancel, but sell stays.
func single(word string) string {
	n := len(word)
	if n < 4 || word[n-1] != word[n-2] || word[n-1] == 's' || word[n-1] == 'z' || word[n-1] == 'l' && n < 6 {
		return word
	}
	return word[:n-1]
}
