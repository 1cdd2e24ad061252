package compliance

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// profile is what a register holds of somebody in one language.
type profile[P any] interface {
	locale() string
	in(locale string) P
	names() []string // those that a keyword is looked for in
}

// registered is an entry of a register, as each language of the European
// markets has it. The platform translates; here all languages begin alike.
type registered[P profile[P]] struct {
	ID       string `json:"id"`
	Profiles []P    `json:"regional_profiles"`
}

// newEntry returns an entry with the same profile in every language.
func newEntry[P profile[P]](id string, p P) registered[P] {
	e := registered[P]{ID: id}
	for _, locale := range registerLocales() {
		e.Profiles = append(e.Profiles, p.in(locale))
	}
	return e
}

// profile returns the profile of a language, the first one for languages that
// the register does not have.
func (e *registered[P]) profile(locale string) *P {
	for i := range e.Profiles {
		if e.Profiles[i].locale() == locale {
			return &e.Profiles[i]
		}
	}
	return &e.Profiles[0]
}

// inLocales returns the entry with the profiles of some languages only.
func (e *registered[P]) inLocales(locales []string) registered[P] {
	shown := registered[P]{e.ID, []P{}}
	for _, locale := range locales {
		shown.Profiles = append(shown.Profiles, *e.profile(locale))
	}
	return shown
}

// entry returns an entry by its id, or nil.
func entry[P profile[P]](list []registered[P], id string) *registered[P] {
	for i := range list {
		if list[i].ID == id {
			return &list[i]
		}
	}
	return nil
}

// profileInput is what a request says about a profile.
type profileInput[P any] interface {
	language() string
	check() *gate.Failure
	apply(p *P)
}

// enter reads a profile into in and adds it to the register. It returns the new
// id.
func enter[P profile[P]](c *gate.Call, of func(*register) *[]registered[P], in profileInput[P]) (id string, f *gate.Failure) {
	if f := c.Decode(in); f != nil {
		return "", f
	}
	f = registering(c, true, func(r *register) *gate.Failure {
		if f := in.check(); f != nil {
			return f
		}
		var p P
		in.apply(&p)
		id = r.IDs.New()
		list := of(r)
		*list = append(*list, newEntry(id, p))
		return nil
	})
	return id, f
}

// amend reads changes into in and makes them to the entry that the path names.
func amend[P profile[P]](c *gate.Call, what string, of func(*register) *[]registered[P], in profileInput[P]) *gate.Failure {
	if f := c.Decode(in); f != nil {
		return f
	}
	return registering(c, true, func(r *register) *gate.Failure {
		e := entry(*of(r), c.Param(0))
		if e == nil {
			return stranger(c, what, func(r *register, id string) bool { return entry(*of(r), id) != nil })
		}
		if f := in.check(); f != nil {
			return f
		}
		in.apply(e.profile(in.language()))
		return nil
	})
}

// lookThrough returns a page of the register, each entry as show makes it.
func lookThrough[P profile[P]](
	c *gate.Call, scope string, of func(*register) *[]registered[P], show func(e *registered[P], s *registerSearch) any,
) (list []any, end gate.PageEnd, f *gate.Failure) {
	search, f := registerQuery(c, scope)
	if f != nil {
		return nil, gate.PageEnd{}, f
	}
	list = []any{}
	f = registering(c, false, func(r *register) *gate.Failure {
		found, next, total := gate.Paginate(c, *of(r), true, search.after, search.Size,
			func(e registered[P]) gate.Cursor { return gate.Cursor{At: 0, ID: invent.Number(e.ID)} },
			func(e registered[P]) bool {
				var names []string
				for _, p := range e.Profiles {
					names = append(names, p.names()...)
				}
				return search.matches(e.ID, names...)
			})
		end = c.PageEnd(next, search.scope, total)
		for i := range found {
			list = append(list, show(&found[i], search))
		}
		return nil
	})
	return list, end, f
}
