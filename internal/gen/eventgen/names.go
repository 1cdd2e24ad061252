package eventgen

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/internal/gen/naming"
)

// generic are field names that mean nothing without their owner.
var generic = []string{"event", "event_type", "platform", "result", "role", "status", "type"}

// languageCode marks codes of a standard of their own, which need no enum.
var languageCode = regexp.MustCompile(`^[a-z]{2}-[A-Z]{2}$`)

// An enum becomes a named string type with constants.
type enum struct {
	name   string
	field  string // the field's singular
	values []string
	owners []string // Type.Field, for the comment
}

// namer gives names. The first topic that asks for one gets it, in the order of
// the types, so that a new topic leaves the others' names alone.
type namer struct {
	taken map[string]bool
	enums []*enum
}

func newNamer(topics []*Topic) (*namer, error) {
	n := &namer{taken: map[string]bool{}}
	for _, scalar := range []string{"Envelope", "Meta", "Typed", "Type", "Owner", "NumberID", "UnixTime", "QuotedTime", "ISOTime", "OneOrMany", "Types", "TypeByName", "New", "Sample"} {
		n.taken[scalar] = true
	}
	for _, t := range topics {
		for _, name := range []string{t.goName(), t.goName() + "Data", "Type" + t.goName()} {
			if n.taken[name] {
				return nil, fmt.Errorf("%s: the name %s is taken", t.Name, name)
			}
			n.taken[name] = true
		}
	}
	for _, t := range topics {
		if err := n.nameFields(t, t.stem(), t.goName()+"Data", t.Fields); err != nil {
			return nil, fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	return n, nil
}

func (n *namer) nameFields(t *Topic, parent, owner string, fields []*Field) error {
	for _, f := range fields {
		var err error
		switch {
		case len(f.fields) > 0:
			if f.goType, err = n.claim(f, parent, t); err == nil {
				err = n.nameFields(t, f.goType, f.goType, f.fields)
			}
		case len(f.Enum) > 0 && !languageCode.MatchString(f.Enum[0]):
			err = n.nameEnum(t, parent, owner, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// nameEnum gives the field its enum: that of a field of the same name and the
// same values, or a new one.
func (n *namer) nameEnum(t *Topic, parent, owner string, f *Field) error {
	field := naming.Singular(f.name())
	member := owner + "]." + goName(f.name())
	for _, e := range n.enums {
		if e.field == field && slices.Equal(e.values, f.Enum) {
			e.owners = append(e.owners, member)
			f.goType = e.name
			return nil
		}
	}
	name, err := n.claim(f, parent, t)
	f.goType = name
	n.enums = append(n.enums, &enum{name: name, field: field, values: f.Enum, owners: []string{member}})
	return err
}

// claim returns the first name for the field's type that is free.
func (n *namer) claim(f *Field, parent string, t *Topic) (string, error) {
	own := goName(naming.Singular(f.name()))
	candidates := []string{naming.Join(parent, own), naming.Join(t.stem(), own), naming.Join(t.goName(), own)}
	if !slices.Contains(generic, naming.Singular(f.name())) {
		candidates = slices.Insert(candidates, 0, own)
	}
	if f.Go != "" {
		candidates = []string{f.Go}
	}
	for _, name := range candidates {
		if !n.taken[name] {
			n.taken[name] = true
			return name, nil
		}
	}
	return "", fmt.Errorf("field %s: all of %s are taken; give it a name in the spec", f.Path, strings.Join(candidates, ", "))
}

func (n *namer) sortedEnums() []*enum {
	return slices.SortedFunc(slices.Values(n.enums), func(a, b *enum) int { return cmp.Compare(a.name, b.name) })
}

// goName returns the Go name of a topic or a field.
func goName(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(strings.ToLower(name), "_") {
		if word == "rma" {
			b.WriteString("RMA") // return merchandise authorization: of webhooks only
			continue
		}
		b.WriteString(naming.Exported(word))
	}
	return b.String()
}

func (t *Topic) goName() string { return goName(t.Name) }

// stem returns what the topic is about: Product for PRODUCT_STATUS_CHANGE.
func (t *Topic) stem() string {
	name := strings.TrimPrefix(t.Name, "NEW_")
	for _, suffix := range []string{"_CHANGE", "_UPDATE", "_STATUS", "_RESULT", "_POSTING"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return goName(name)
}
