package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shortSecret is the length below which a secret is masked only where it stands by
// itself: it may be part of any word, and real ones are much longer.
const shortSecret = 8

// Mask replaces a secret in a text.
func Mask(text, secret, mask string) string {
	if secret == "" {
		return text
	}
	if len(secret) >= shortSecret {
		return strings.ReplaceAll(text, secret, mask)
	}
	var b strings.Builder
	for at := 0; ; {
		i := strings.Index(text[at:], secret)
		if i < 0 {
			b.WriteString(text[at:])
			return b.String()
		}
		from, to := at+i, at+i+len(secret)
		b.WriteString(text[at:from])
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if inWord(before) || inWord(after) {
			b.WriteString(secret)
		} else {
			b.WriteString(mask)
		}
		at = to
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
