package importer

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// overrides are the hand-written corrections to the sources, each with a reason.
// One that matches nothing is an error, so that none outlives its cause.
type overrides struct {
	operations []*addedOperation
	later      []*laterOperation
	fields     map[string]*fieldOverride  // by operation key, space, field path
	paging     map[string]*pagingOverride // by operation key
	access     map[string]*accessOverride // by operation key
	sunsets    map[string]*catalog.Sunset // by operation key
	additions  map[string]*addedField     // by operation key, space, field path
	ended      map[string]bool            // sunsets that were entered
}

type (
	// addedOperation is an operation that the package lacks; its shape is that of
	// a sibling.
	addedOperation struct {
		Operation string `json:"operation"`
		Like      string `json:"like"` // key of the sibling
		Reason    string `json:"reason"`
		used      bool
	}
	// fieldOverride replaces facts of one field. A missing member leaves the fact
	// alone, an empty one removes it.
	fieldOverride struct {
		Type      *catalog.Type `json:"type"`
		Format    *string       `json:"format"`
		Kind      *catalog.Kind `json:"kind"`
		Required  *bool         `json:"required"`
		Enum      *[]string     `json:"enum"`
		Default   *string       `json:"default"`
		Min       *string       `json:"min"`
		Max       *string       `json:"max"`
		MaxLength *int          `json:"max_length"`
		MaxItems  *int          `json:"max_items"`
		Reason    string        `json:"reason"`
		used      bool
	}
	// pagingOverride names the array to walk if there are several.
	pagingOverride struct {
		Next   string `json:"next"`
		Items  string `json:"items"`
		Reason string `json:"reason"`
		used   bool
	}
	// accessOverride replaces what the sources say about who may call an operation
	// and how, or whether it only reads, against the rule of classify. A missing
	// member leaves the fact alone.
	accessOverride struct {
		Write      *bool         `json:"write"`
		Scopes     *[]string     `json:"scopes"`
		ShopCipher *catalog.Rule `json:"shop_cipher"`
		MaxBody    *int64        `json:"max_body"`
		Reason     string        `json:"reason"`
		used       bool
	}
)

func loadOverrides(dir string) (*overrides, error) {
	o := &overrides{ended: map[string]bool{}}
	for name, v := range map[string]any{
		"operations.json":              &o.operations,
		"fields.json":                  &o.fields,
		"paging.json":                  &o.paging,
		"access.json":                  &o.access,
		"../additions/sunsets.json":    &o.sunsets,
		"../additions/fields.json":     &o.additions,
		"../additions/operations.json": &o.later,
	} {
		if err := spec.ReadJSON(filepath.Join(dir, name), v); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// addOperations adds the operations of d that the package lacks.
func (o *overrides) addOperations(d *spec.Domain) error {
	for _, added := range o.operations {
		method, p, _ := strings.Cut(added.Operation, " ")
		if !strings.HasPrefix(p, "/"+d.Name+"/") {
			continue
		}
		added.used = true
		i := slices.IndexFunc(d.Operations, func(op *spec.Operation) bool { return op.Key() == added.Like })
		if i < 0 {
			return fmt.Errorf("added operation %s: no sibling %s", added.Operation, added.Like)
		}
		if slices.ContainsFunc(d.Operations, func(op *spec.Operation) bool { return op.Key() == added.Operation }) {
			return fmt.Errorf("added operation %s is in the package", added.Operation)
		}
		op, err := clone(d.Operations[i])
		if err != nil {
			return err
		}
		op.Method, op.Path = method, p
		op.Version = strings.Split(p, "/")[2]
		d.Operations = append(d.Operations, op)
	}
	return nil
}

func clone(op *spec.Operation) (*spec.Operation, error) {
	data, err := spec.Encode(op)
	if err != nil {
		return nil, err
	}
	out := new(spec.Operation)
	return out, spec.DecodeStrict(data, out)
}

// apply enters the field overrides of op.
func (o *overrides) apply(op *spec.Operation) {
	o.addFields(op)
	op.WalkAll(func(path string, f *spec.Field) {
		if fix := o.fields[op.Key()+" "+path]; fix != nil {
			fix.used = true
			fix.apply(f)
		}
	})
}

func (fix *fieldOverride) apply(f *spec.Field) {
	leaf := f.Leaf()
	set(&leaf.Type, fix.Type)
	set(&leaf.Format, fix.Format)
	set(&leaf.Kind, fix.Kind)
	set(&leaf.Enum, fix.Enum)
	set(&f.Required, fix.Required)
	set(&f.Default, fix.Default)
	set(&f.Min, fix.Min)
	set(&f.Max, fix.Max)
	set(&f.MaxLength, fix.MaxLength)
	set(&f.MaxItems, fix.MaxItems)
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// readingEnds are the last path segments of POST operations that only read.
var readingEnds = []string{
	"search", "query", "calculate", "recommend", "listing_check", "standardize", "identify", "single_query",
	"prerequisite_check", "content_check", "newest", "filter", "external_order_search",
}

// classify enters what the path and the parameters show, whether op writes and
// where its idempotency key goes, and the access overrides.
func (o *overrides) classify(op *spec.Operation) {
	segments := strings.Split(op.Path, "/")
	if op.Seen == "" { // of a later operation the sources say it
		op.Write = op.Method != "GET" && !slices.Contains(readingEnds, segments[len(segments)-1])
	}
	if fix := o.access[op.Key()]; fix != nil {
		fix.used = true
		set(&op.Write, fix.Write)
		set(&op.Scopes, fix.Scopes)
		set(&op.ShopCipher, fix.ShopCipher)
		set(&op.MaxBody, fix.MaxBody)
	}
	if end := o.sunsets[op.Key()]; end != nil {
		op.Sunset, o.ended[op.Key()] = end, true
	}
	for _, name := range []string{"idempotency_key", "idempotent_key"} {
		if spec.Find(op.Params, name) != nil {
			op.IdempotencyKey = "query:" + name
		} else if spec.Find(op.Body, name) != nil {
			op.IdempotencyKey = "body:" + name
		}
	}
}

// unused returns an error that names the overrides which matched nothing.
func (o *overrides) unused() error {
	var names []string
	for _, added := range o.operations {
		if !added.used {
			names = append(names, "operations: "+added.Operation)
		}
	}
	collect := func(kind, key string, used bool) {
		if !used {
			names = append(names, kind+": "+key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o.fields)) {
		collect("fields", key, o.fields[key].used)
	}
	for _, key := range slices.Sorted(maps.Keys(o.paging)) {
		collect("paging", key, o.paging[key].used)
	}
	for _, key := range slices.Sorted(maps.Keys(o.access)) {
		collect("access", key, o.access[key].used)
	}
	for _, key := range slices.Sorted(maps.Keys(o.additions)) {
		collect("additions", key, o.additions[key].used)
	}
	for _, key := range slices.Sorted(maps.Keys(o.sunsets)) {
		collect("sunsets", key, o.ended[key])
	}
	if len(names) == 0 {
		return nil
	}
	return errors.New("overrides that match nothing: " + strings.Join(names, "; "))
}
