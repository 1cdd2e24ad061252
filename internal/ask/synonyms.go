package ask

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed synonyms.txt
var synonymsFile string

// thesaurus has words that mean the same, by stems.
type thesaurus struct {
	words  map[string][]string
	idioms map[string][]idiom // by their first word
}

// idiom is two words that mean something together: call off.
type idiom struct {
	second string
	means  []string
}

// synonyms returns the words that mean the same.
var synonyms = sync.OnceValue(func() *thesaurus {
	all := &thesaurus{words: make(map[string][]string), idioms: make(map[string][]idiom)}
	for line := range strings.Lines(synonymsFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		group, only, directed := strings.Cut(line, " > ")
		others := lemmas(group)
		if directed {
			others = lemmas(only)
		}
		for _, word := range strings.Fields(group) {
			if first, second, two := strings.Cut(word, "+"); two {
				first = lemma(first)
				all.idioms[first] = append(all.idioms[first], idiom{lemma(second), others})
				continue
			}
			word = lemma(word)
			for _, other := range others {
				if other != word {
					all.words[word] = append(all.words[word], other)
				}
			}
		}
	}
	return all
})

// lemmas returns those of all words, fillers too.
func lemmas(words string) []string {
	list := strings.Fields(words)
	for i, word := range list {
		list[i] = lemma(word)
	}
	return list
}
