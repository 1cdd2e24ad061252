package keep

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
)

// maxElements bounds a list. Far fewer elements of an order's size fill the
// largest snapshot; more are a few bytes each that take a thousand times as much
// memory once they are decoded.
const maxElements = 1 << 19

// checkLists checks the lengths of the lists in JSON before room is made for
// their elements. What is not JSON is left to the decoder.
func checkLists(raw []byte) error {
	var open []int // elements so far of the list at each depth; -1 for an object
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			for i++; i < len(raw) && raw[i] != '"'; i++ {
				if raw[i] == '\\' {
					i++
				}
			}
		case '[':
			open = append(open, 1)
		case '{':
			open = append(open, -1)
		case ']', '}':
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case ',':
			if n := len(open) - 1; n >= 0 && open[n] > 0 {
				if open[n]++; open[n] > maxElements {
					return &placeError{pathAt(raw, int64(i)), fmt.Errorf("is element %d of its list, want at most %d", open[n], maxElements)}
				}
			}
		}
	}
	return nil
}

// plainName is a name that stands in a path without quotes.
var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// pathAt returns the path of the value in JSON that the first offset bytes end
// in, or the way there as far as it is JSON.
func pathAt(raw []byte, offset int64) string {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	type level struct {
		list  bool
		index int
		key   string
		named bool // a key was read, its value is next
	}
	var open []level
	path := func() (p string) {
		for _, l := range open {
			switch {
			case l.list:
				p += "[" + strconv.Itoa(l.index) + "]"
			case plainName.MatchString(l.key):
				p = joinPath(p, l.key)
			case l.key != "":
				p += "[" + strconv.Quote(l.key) + "]"
			}
		}
		return p
	}
	closed := func() { // a value has ended
		if n := len(open) - 1; n >= 0 {
			open[n].index++
			open[n].named = false
		}
	}
	for {
		token, err := decoder.Token()
		if err != nil {
			return path()
		}
		reached := decoder.InputOffset() >= offset
		if key, ok := token.(string); ok && len(open) > 0 && !open[len(open)-1].list && !open[len(open)-1].named {
			open[len(open)-1].key, open[len(open)-1].named = key, true
			if reached {
				return path()
			}
			continue
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			if reached {
				return path()
			}
			open = append(open, level{list: token == json.Delim('[')})
		case json.Delim(']'), json.Delim('}'):
			open = open[:len(open)-1]
			closed()
		default:
			if reached {
				return path()
			}
			closed()
		}
	}
}
