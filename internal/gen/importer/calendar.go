package importer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// A laterOperation is an operation that the package lacks and other sources show,
// with all that they show of it.
type laterOperation struct {
	Operation  string           `json:"operation"`
	Title      string           `json:"title"`
	Seen       string           `json:"seen"`  // kinds of the sources
	Grade      string           `json:"grade"` // of the evidence
	Raw        string           `json:"raw"`   // why it gets no method; empty for one that does
	Partial    bool             `json:"partial"`
	Like       string           `json:"like"`     // key of the operation whose fields were taken over
	Replaces   string           `json:"replaces"` // path of the older date where it differs in more than the date
	Scopes     []string         `json:"scopes"`
	ScopeBasis string           `json:"scope_basis"` // seen, inherited or inferred
	ShopCipher catalog.Rule     `json:"shop_cipher"`
	AssetRule  catalog.Rule     `json:"category_asset_cipher"`
	Write      bool             `json:"write"`
	BodyType   catalog.BodyType `json:"body_type"`
	Codes      []int            `json:"codes"`
	Params     []*spec.Field    `json:"params"`
	Body       []*spec.Field    `json:"body"`
	Result     []*spec.Field    `json:"result"`
}

// addLater adds the later operations to the domains, new ones among them.
func (o *overrides) addLater(domains []*spec.Domain) ([]*spec.Domain, error) {
	for _, later := range o.later {
		name := strings.Split(later.Operation, "/")[1]
		i := slices.IndexFunc(domains, func(d *spec.Domain) bool { return d.Name == name })
		if i < 0 {
			domains = append(domains, &spec.Domain{Name: name})
			i = len(domains) - 1
		}
		d := domains[i]
		if slices.ContainsFunc(d.Operations, func(op *spec.Operation) bool { return op.Key() == later.Operation }) {
			return nil, fmt.Errorf("later operation %s is in the package by now", later.Operation)
		}
		op, err := later.operation()
		if err != nil {
			return nil, fmt.Errorf("later operation %s: %w", later.Operation, err)
		}
		d.Operations = append(d.Operations, op)
		d.Sort()
	}
	slices.SortFunc(domains, func(a, b *spec.Domain) int { return strings.Compare(a.Name, b.Name) })
	return domains, nil
}

func (later *laterOperation) operation() (*spec.Operation, error) {
	method, path, _ := strings.Cut(later.Operation, " ")
	op := &spec.Operation{
		Method: method, Path: path, Title: later.Title, Version: strings.Split(path, "/")[2],
		ShopCipher: later.ShopCipher, AssetCipher: later.AssetRule, Write: later.Write, BodyType: later.BodyType, Codes: later.Codes,
		Params: later.Params, Body: later.Body, Result: later.Result,
		Seen: later.Seen + ", grade " + later.Grade, Raw: later.Raw,
	}
	if !versionSegment.MatchString(op.Version) {
		return nil, fmt.Errorf("path without a version")
	}
	if later.Like != "" {
		op.Seen += "; fields that nobody saw on this date are those of " + later.Like
	} else if later.Partial {
		op.Seen += "; it may have more fields"
	}
	return op, nil
}

// laterScopes enters the scopes of the later operations, once the older ones have
// theirs.
func (o *overrides) laterScopes(domains []*spec.Domain) {
	for _, d := range domains {
		for _, op := range d.Operations {
			if later := o.laterOf(op.Key()); later != nil && later.scopesHold(d) {
				op.Scopes = later.Scopes
			}
		}
	}
}

// scopesHold reports whether the scopes are known: seen, taken from the older
// date, or only inferred and those of a sibling.
func (later *laterOperation) scopesHold(d *spec.Domain) bool {
	if later.ScopeBasis != "inferred" {
		return true
	}
	_, path, _ := strings.Cut(later.Operation, " ")
	return slices.ContainsFunc(d.Operations, func(op *spec.Operation) bool {
		sibling := op.Title == later.Title || undated(op.Path) == undated(path) || op.Path == later.Replaces
		return sibling && op.Key() != later.Operation && slices.Equal(op.Scopes, later.Scopes)
	})
}

var dateSegment = regexp.MustCompile(`/\d{6}/`)

func undated(path string) string { return dateSegment.ReplaceAllString(path, "/") }

// laterOf returns the later operation of a key, or nil.
func (o *overrides) laterOf(key string) *laterOperation {
	for _, later := range o.later {
		if later.Operation == key {
			return later
		}
	}
	return nil
}
