package catalog

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
)

//go:embed data
var data embed.FS

// A Catalog answers questions about the operations. The zero value is ready to
// use and safe for concurrent use; it must not be copied after first use.
type Catalog struct {
	once    sync.Once
	domains []*domain
	byKey   map[string]Entry
}

// A domain holds the entries of one domain and, once asked, its details.
type domain struct {
	name    string
	entries []Entry
	once    sync.Once
	details [][]byte // JSON, one for each entry
	err     error
	words   words
}

// load reads the list of operations: a line for each with domain, name, Go name,
// method, path, summary, the date of an end and whether it is raw, separated by
// tabs, ordered by domain and path.
func (c *Catalog) load() {
	c.once.Do(func() {
		index, err := data.ReadFile("data/index.tsv")
		if err != nil {
			panic("catalog: " + err.Error()) // it is embedded
		}
		c.byKey = make(map[string]Entry, 512)
		var current *domain
		for line := range strings.Lines(string(index)) {
			var e Entry
			rest := strings.TrimSuffix(line, "\n")
			for _, field := range []*string{&e.Domain, &e.Name, &e.GoName, &e.Method, &e.Path, &e.Summary} {
				*field, rest, _ = strings.Cut(rest, "\t")
			}
			e.Sunset, rest, _ = strings.Cut(rest, "\t")
			e.Raw = rest == "raw"
			if current == nil || current.name != e.Domain {
				current = &domain{name: e.Domain}
				c.domains = append(c.domains, current)
			}
			current.entries = append(current.entries, e)
			c.byKey[e.Method+" "+e.Path] = e
		}
	})
}

func (c *Catalog) domain(name string) *domain {
	c.load()
	for _, d := range c.domains {
		if d.name == name || strings.ReplaceAll(d.name, "_", "") == name {
			return d
		}
	}
	return nil
}

// Domains returns the names of the domains, sorted.
func (c *Catalog) Domains() []string {
	c.load()
	names := make([]string, len(c.domains))
	for i, d := range c.domains {
		names[i] = d.name
	}
	return names
}

// Operations returns the operations of a domain, ordered by path; those of all
// domains for the empty name; and none for an unknown domain.
func (c *Catalog) Operations(domain string) []Entry {
	if domain != "" {
		d := c.domain(domain)
		if d == nil {
			return nil
		}
		return append([]Entry(nil), d.entries...)
	}
	c.load()
	all := make([]Entry, 0, len(c.byKey))
	for _, d := range c.domains {
		all = append(all, d.entries...)
	}
	return all
}

// Find returns the operation with a method and a path, whose parameters may be in
// braces or filled in. A literal segment wins over a parameter.
func (c *Catalog) Find(method, path string) (Entry, bool) {
	c.load()
	method = strings.ToUpper(method)
	if e, ok := c.byKey[method+" "+path]; ok {
		return e, true
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	d := c.domain(first)
	if d == nil || d.name != first {
		return Entry{}, false
	}
	var best Entry
	fewest := -1
	for _, e := range d.entries {
		if e.Method != method {
			continue
		}
		parameters := 0
		if matchPath(e.Path, path, func(string, string) { parameters++ }) && (fewest < 0 || parameters < fewest) {
			best, fewest = e, parameters
		}
	}
	return best, fewest >= 0
}

// matchPath reports whether path fits template and calls parameter for each one
// in braces.
func matchPath(template, path string, parameter func(name, value string)) bool {
	for template != "" || path != "" {
		if template == "" || path == "" || template[0] != '/' || path[0] != '/' {
			return false
		}
		var want, have string
		want, template = nextSegment(template)
		have, path = nextSegment(path)
		switch {
		case strings.HasPrefix(want, "{"):
			if have == "" {
				return false
			}
			parameter(strings.Trim(want, "{}"), have)
		case want != have:
			return false
		}
	}
	return true
}

// nextSegment splits /a/b into a and /b.
func nextSegment(path string) (segment, rest string) {
	if i := strings.IndexByte(path[1:], '/'); i >= 0 {
		return path[1 : i+1], path[i+1:]
	}
	return path[1:], ""
}

// ByName returns the operation with a full name such as order.GetOrderList, or
// with a bare name if only one domain has it. If there is none, the names of Go
// methods count, such as order.Search. Case and underscores do not matter.
func (c *Catalog) ByName(name string) (Entry, bool) {
	c.load()
	if e, count := c.named(name, func(e Entry) string { return e.Name }); count > 0 {
		return e, count == 1
	}
	e, count := c.named(name, func(e Entry) string { return e.GoName })
	return e, count == 1
}

// named returns the one operation that has a name, and how many there are.
func (c *Catalog) named(name string, of func(Entry) string) (found Entry, count int) {
	in, name, qualified := strings.Cut(name, ".")
	if !qualified {
		in, name = "", in
	}
	for _, d := range c.domains {
		if qualified && !sameName(d.name, in) {
			continue
		}
		for _, e := range d.entries {
			if sameName(of(e), name) {
				found = e
				count++
			}
		}
	}
	if count != 1 {
		return Entry{}, count
	}
	return found, 1
}

func sameName(a, b string) bool {
	return strings.EqualFold(a, b) || strings.EqualFold(strings.ReplaceAll(a, "_", ""), strings.ReplaceAll(b, "_", ""))
}

// Describe returns all that is known about an operation. The caller owns the
// result.
func (c *Catalog) Describe(e Entry) (*Operation, error) {
	d := c.domain(e.Domain)
	if d == nil {
		return nil, fmt.Errorf("catalog: no domain %q", e.Domain)
	}
	d.once.Do(d.inflate)
	if d.err != nil {
		return nil, fmt.Errorf("catalog: reading domain %s: %w", d.name, d.err)
	}
	for i, known := range d.entries {
		if known.Name == e.Name {
			op := &Operation{Entry: known}
			if err := json.Unmarshal(d.details[i], op); err != nil {
				return nil, fmt.Errorf("catalog: decoding %s: %w", known.FullName(), err)
			}
			return op, nil
		}
	}
	return nil, fmt.Errorf("catalog: domain %s has no operation %q", d.name, e.Name)
}

// inflate reads the details of d: a line of JSON for each entry.
func (d *domain) inflate() {
	packed, err := data.ReadFile("data/" + d.name + ".jsonl.gz")
	if err != nil {
		d.err = err
		return
	}
	zr, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		d.err = err
		return
	}
	text, err := io.ReadAll(zr)
	if err != nil {
		d.err = err
		return
	}
	d.details = bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	if len(d.details) != len(d.entries) {
		d.err = fmt.Errorf("%d operations in the list, %d in the details", len(d.entries), len(d.details))
	}
}
