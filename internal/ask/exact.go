package ask

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/names"
)

// named returns the operations that a question names: by path, with or without
// method, or by one of their names, with or without a domain. One that has the very
// name is before other versions of it, and of those the newest is first.
func named(known *catalog.Catalog, question string) []catalog.Entry {
	if entries := atPath(known, question); entries != nil {
		return entries
	}
	name := letters(strings.TrimPrefix(strings.TrimSpace(question), "ttshop "))
	if name == "" {
		return nil
	}
	var own, others []catalog.Entry
	for _, e := range known.Operations("") {
		switch {
		case hasName(e, name, e.Name):
			own = append(own, e)
		case hasName(e, name, e.GoName), hasName(e, name, names.Base(e.Name)), hasName(e, name, names.Base(e.GoName)):
			others = append(others, e)
		}
	}
	slices.SortStableFunc(others, func(a, b catalog.Entry) int {
		if aOwn, bOwn := hasName(a, name, a.GoName), hasName(b, name, b.GoName); aOwn != bOwn {
			return map[bool]int{true: -1, false: 1}[aOwn]
		}
		return names.CompareVersions(a, b)
	})
	return append(own, others...)
}

// hasName reports whether letters are those of a name of an operation, however its
// words are put together: GetOrderList, get-order-list, Get Order List. A name of one
// word needs its domain.
func hasName(e catalog.Entry, name, own string) bool {
	if rest, ok := cutLetters(name, e.Domain); ok {
		if rest, ok = cutLetters(rest, own); ok && rest == "" {
			return true
		}
	}
	rest, ok := cutLetters(name, own)
	return ok && rest == "" && strings.Contains(names.Kebab(own), "-")
}

// cutLetters cuts the letters and digits of a word off the front of letters.
func cutLetters(all, word string) (rest string, ok bool) {
	for i := range len(word) {
		c := letter(word[i])
		if c == 0 {
			continue
		}
		if all == "" || all[0] != c {
			return all, false
		}
		all = all[1:]
	}
	return all, true
}

// atPath returns the operations with a path, which may be part of an address.
func atPath(known *catalog.Catalog, question string) []catalog.Entry {
	words := strings.Fields(question)
	methods := []string{"GET", "POST", "PUT", "DELETE", "PATCH"}
	if len(words) == 2 && slices.Contains(methods, strings.ToUpper(words[0])) {
		methods, words = []string{strings.ToUpper(words[0])}, words[1:]
	}
	if len(words) != 1 || !strings.Contains(words[0], "/") {
		return nil
	}
	path := words[0]
	if u, err := url.Parse(words[0]); err == nil && u.Path != "" {
		path = u.Path
	}
	path = "/" + strings.Trim(path, "/")
	var found []catalog.Entry
	for _, method := range methods {
		if e, ok := known.Find(method, path); ok {
			found = append(found, e)
		}
	}
	return found
}

// letters returns the letters and digits of a name, in small letters.
func letters(name string) string {
	b := make([]byte, 0, len(name))
	for i := range len(name) {
		if c := letter(name[i]); c != 0 {
			b = append(b, c)
		}
	}
	return string(b)
}

// letter returns a letter or digit, small, and 0 for everything else.
func letter(c byte) byte {
	switch {
	case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		return c
	case c >= 'A' && c <= 'Z':
		return c + 'a' - 'A'
	}
	return 0
}
