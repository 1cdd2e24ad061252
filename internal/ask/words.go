package ask

import (
	_ "embed"
	"encoding/json"
	"sync"
)

// searchWords are words that people use for operations and error codes, which the
// official names and our descriptions do not have, or that tell the common one from
// its neighbours.
type searchWords struct {
	Operations map[string]string `json:"operations"` // by name without a version
	Codes      map[string]string `json:"codes"`
}

//go:embed words.json
var searchWordsFile []byte

// wordsOf returns the words of people.
var wordsOf = sync.OnceValue(func() searchWords {
	var words searchWords
	if err := json.Unmarshal(searchWordsFile, &words); err != nil {
		panic("words.json: " + err.Error()) // a test reads it
	}
	return words
})
