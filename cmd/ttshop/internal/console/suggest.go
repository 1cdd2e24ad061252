package console

import "strings"

// aboutMost is how many characters of the line about a suggestion are offered.
const aboutMost = 100

// Suggest adds to the suggestions of a shell's completion a word with a line
// about it, both from outside. A word that a shell would not take as it stands
// is left out; what could steer the terminal is escaped in the line.
func Suggest(suggestions []string, word, about string) []string {
	if word == "" || ShellWord(word) != word {
		return suggestions
	}
	return append(suggestions, Suggestion(word, about))
}

// Suggestion returns a suggestion for a shell's completion: a word and, where
// there is one, a line about it.
func Suggestion(word, about string) string {
	about = Shorten(strings.Join(strings.Fields(Tame(about, nil)), " "), aboutMost)
	if about == "" {
		return word
	}
	return word + "\t" + about
}
