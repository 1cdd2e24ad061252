package catalog

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A Code is what a number in the field code of an answer, or of an item in
// data.errors, means. Class, fix and retry are our reading.
type Code struct {
	Code       int       `json:"code"`
	Area       string    `json:"area"`    // first segment of the paths that return it, or gateway or auth
	Class      CodeClass `json:"class"`   // kind of failure
	Meaning    string    `json:"meaning"` // what went wrong
	Fix        string    `json:"fix"`     // what the developer or the seller should do
	Retry      Retry     `json:"retry"`
	Confidence string    `json:"confidence"` // of the meaning: A is confirmed, B official, C several sources, D a guess
	Variants   []Variant `json:"variants,omitempty"`
}

// A Variant is one of the meanings of a code that has several.
type Variant struct {
	When  string    `json:"when"`
	Class CodeClass `json:"class"`
	Fix   string    `json:"fix"`
}

// A CodeClass is a kind of failure.
type CodeClass string

// The kinds of failures.
const (
	CodeSignature      CodeClass = "signature"
	CodeToken          CodeClass = "token"
	CodeScope          CodeClass = "scope"
	CodeRateLimit      CodeClass = "rate_limit"
	CodeInvalidRequest CodeClass = "invalid_request"
	CodeNotFound       CodeClass = "not_found"
	CodeConflict       CodeClass = "conflict" // it conflicts with something that already exists
	CodeAlreadyDone    CodeClass = "already_done"
	CodeState          CodeClass = "state"      // the object's status forbids it
	CodeQuota          CodeClass = "quota"      // an allowance is used up
	CodePermission     CodeClass = "permission" // the seller, shop or object lacks the right
	CodeUnavailable    CodeClass = "unavailable"
	CodeInternal       CodeClass = "internal" // a fault of the platform
)

// Retry says whether it helps to repeat a call.
type Retry string

// The answers.
const (
	RetryNo           Retry = "no"            // it cannot succeed, or has already been done
	RetryBackoff      Retry = "backoff"       // unchanged, with backoff; a write only after checking that it had no effect
	RetryAfterFix     Retry = "after_fix"     // once the request, the setup or the authorization has been fixed
	RetryRefreshToken Retry = "refresh_token" // once, with a fresh access token
	RetryNextQuota    Retry = "next_quota"    // when the allowance resets
)

// codeTable is read when it is first used.
var codeTable = sync.OnceValue(func() []Code {
	packed, err := data.ReadFile("data/errors.json.gz")
	if err != nil {
		panic("catalog: " + err.Error()) // it is embedded
	}
	zr, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic("catalog: " + err.Error())
	}
	var list []Code
	if err := json.NewDecoder(zr).Decode(&list); err != nil {
		panic("catalog: " + err.Error())
	}
	return list
})

// Code returns what a code means, or false for an unknown one.
func (c *Catalog) Code(code int) (Code, bool) {
	list := codeTable()
	i, ok := slices.BinarySearchFunc(list, code, func(known Code, code int) int { return cmp.Compare(known.Code, code) })
	if !ok {
		return Code{}, false
	}
	return list[i].clone(), true
}

func (c Code) clone() Code {
	c.Variants = slices.Clone(c.Variants)
	return c
}

// Codes returns all known codes, sorted.
func (c *Catalog) Codes() []Code {
	list := slices.Clone(codeTable())
	for i := range list {
		list[i] = list[i].clone()
	}
	return list
}

// SearchCodes returns the codes that have every word of a query in their number,
// area, class, meaning or fix, those with the words in the meaning first. Words
// match as prefixes; case does not matter.
func (c *Catalog) SearchCodes(query string) []Code {
	words := strings.FieldsFunc(strings.ToLower(query), func(r rune) bool { return !isWord(r) })
	if len(words) == 0 {
		return nil
	}
	type hit struct {
		code  Code
		score int
	}
	var hits []hit
	for _, code := range codeTable() {
		if score := code.score(words); score > 0 {
			hits = append(hits, hit{code.clone(), score})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	found := make([]Code, len(hits))
	for i, h := range hits {
		found[i] = h.code
	}
	return found
}

// score rates a code for words: 0 when one is missing.
func (c Code) score(words []string) int {
	meaning, fix := strings.ToLower(c.Meaning), strings.ToLower(c.Fix)
	for _, v := range c.Variants {
		fix += " " + strings.ToLower(v.When+" "+v.Fix)
	}
	rest := strings.ToLower(c.Area + " " + string(c.Class))
	total := 0
	for _, w := range words {
		switch {
		case strings.HasPrefix(strconv.Itoa(c.Code), w):
			total += 8
		case startsWord(meaning, w):
			total += 4
		case startsWord(rest, w):
			total += 2
		case startsWord(fix, w):
			total++
		default:
			return 0
		}
	}
	return total
}

// CodeOperations returns the operations whose pages list a code. Few list the
// gateway's codes, since every operation can return those.
func (c *Catalog) CodeOperations(code int) ([]Entry, error) {
	c.load()
	digits := []byte(strconv.Itoa(code))
	var found []Entry
	for _, d := range c.domains {
		d.once.Do(d.inflate)
		if d.err != nil {
			return nil, fmt.Errorf("catalog: reading domain %s: %w", d.name, d.err)
		}
		for i, e := range d.entries {
			if !bytes.Contains(d.details[i], digits) {
				continue // decoding all of them takes ten times as long
			}
			var listed struct {
				Codes []int `json:"codes"`
			}
			if err := json.Unmarshal(d.details[i], &listed); err != nil {
				return nil, fmt.Errorf("catalog: decoding %s: %w", e.FullName(), err)
			}
			if slices.Contains(listed.Codes, code) {
				found = append(found, e)
			}
		}
	}
	return found, nil
}
