package ask

import (
	_ "embed"
	"encoding/json"
	"sync"
)

//go:embed words.json
var codeWordsFile []byte

// codeWords returns, by error code, words that people use for it, which our
// descriptions do not have.
var codeWords = sync.OnceValue(func() map[string]string {
	var words map[string]string
	if err := json.Unmarshal(codeWordsFile, &words); err != nil {
		panic("words.json: " + err.Error()) // a test reads it
	}
	return words
})
