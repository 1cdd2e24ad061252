package mcp

import "unicode"

// maxTokens is how large an answer may be, in tokens as [Tokens] counts them.
const maxTokens = 2000

// Tokens says how many tokens of a language model a text takes, by a rule: three
// digits, five letters or two marks are a token, and so is any character outside of
// ASCII. Tests hold it against a tokenizer: it counts too many rather than too few.
func Tokens(text string) int {
	total := 0
	kind, run := 0, 0
	flush := func() {
		switch kind {
		case 1:
			total += (run + 2) / 3
		case 2:
			total += (run + 4) / 5
		case 3:
			total += (run + 1) / 2
		}
		run = 0
	}
	for _, r := range text {
		next := 3
		switch {
		case r > unicode.MaxASCII:
			flush()
			kind = 0
			total++
			continue
		case r >= '0' && r <= '9':
			next = 1
		case unicode.IsLetter(r):
			next = 2
		case r == ' ':
			next = 0
		}
		if next != kind {
			flush()
			kind = next
		}
		run++
	}
	flush()
	return total
}
