package field

import (
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
)

// guessedNames are names that people guess for domains and operations. They are
// aliases; what the catalogue calls by a name goes before.
type guessedNames struct {
	Domains    map[string]string            `json:"domains"`    // domain by alias
	Operations map[string]map[string]string `json:"operations"` // by domain, name without a version by alias
}

//go:embed guesses.json
var guessesFile []byte

var guesses = sync.OnceValue(func() guessedNames {
	var names guessedNames
	if err := json.Unmarshal(guessesFile, &names); err != nil {
		panic("guesses.json: " + err.Error()) // a test reads it
	}
	return names
})

// DomainAliases returns the other names of a domain.
func DomainAliases(domain string) []string {
	var aliases []string
	if command := DomainCommand(domain); strings.Contains(command, "-") {
		aliases = append(aliases, strings.ReplaceAll(command, "-", "_"))
	}
	for _, alias := range slices.Sorted(maps.Keys(guesses().Domains)) {
		if guesses().Domains[alias] == domain {
			aliases = append(aliases, alias)
		}
	}
	return aliases
}

// guessed returns the names that people guess for one of all the families of a
// domain, without those that name another.
func (f Family) guessed(all []Family) []string {
	var aliases []string
	named := guesses().Operations[f.Versions[0].Domain]
	for _, alias := range slices.Sorted(maps.Keys(named)) {
		taken := func(other Family) bool {
			return other.Name != f.Name && (Kebab(other.Name) == alias || strings.EqualFold(Kebab(BaseName(other.Versions[0].GoName)), alias))
		}
		if named[alias] == f.Name && !slices.ContainsFunc(all, taken) {
			aliases = append(aliases, alias)
		}
	}
	return aliases
}
