package policy

import (
	"fmt"
	"strings"
)

// match reports whether text fits a pattern, in which * stands for any text.
func match(pattern, text string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, first)
	if !ok {
		return false
	}
	for {
		var part string
		part, rest, star = strings.Cut(rest, "*")
		if !star {
			return strings.HasSuffix(text, part)
		}
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
}

// Shop is a shop as patterns see it.
type Shop struct {
	ID     string
	Code   string
	Name   string
	Region string
}

// shopPattern is a pattern of [Key].Shops.
type shopPattern struct {
	source string
	what   string // name, region, or empty for id and code
	glob   string
}

func parseShopPattern(source string) (shopPattern, error) {
	what, glob, qualified := strings.Cut(source, ":")
	if !qualified {
		what, glob = "", source
	}
	switch {
	case qualified && what != "name" && what != "region":
		return shopPattern{}, fmt.Errorf("the pattern %q of a shop is none; use an id, a code, name:PATTERN or region:PATTERN", source)
	case glob == "":
		return shopPattern{}, fmt.Errorf("the pattern %q of a shop is empty", source)
	}
	return shopPattern{source, what, glob}, nil
}

func (p shopPattern) match(s Shop) bool {
	switch p.what {
	case "name":
		return match(p.glob, s.Name)
	case "region":
		return match(p.glob, s.Region)
	}
	return match(p.glob, s.ID) || s.Code != "" && match(p.glob, s.Code)
}

// shopSet is the shops of a key: whole ids and codes, and patterns.
type shopSet struct {
	whole    map[string]bool
	patterns []shopPattern
}

func newShopSet(sources []string) (shopSet, error) {
	set := shopSet{whole: map[string]bool{}}
	for _, source := range sources {
		p, err := parseShopPattern(source)
		switch {
		case err != nil:
			return set, err
		case p.what == "" && !strings.Contains(p.glob, "*"):
			set.whole[p.glob] = true
		default:
			set.patterns = append(set.patterns, p)
		}
	}
	return set, nil
}

// find returns the pattern that a shop fits.
func (s shopSet) find(shop Shop) (string, bool) {
	switch {
	case shop.ID != "" && s.whole[shop.ID]:
		return shop.ID, true
	case shop.Code != "" && s.whole[shop.Code]:
		return shop.Code, true
	}
	for _, p := range s.patterns {
		if p.match(shop) {
			return p.source, true
		}
	}
	return "", false
}
