package sandbox

import (
	"slices"
	"strings"
)

// category is a node of the category tree.
type category struct {
	id       string
	parent   *category // nil at the top
	name     name
	children []*category
	leaf     *leafSeed // nil where it has children
}

// chain returns the way from the top of the tree to the category.
func (c *category) chain() []*category {
	if c.parent == nil {
		return []*category{c}
	}
	return append(c.parent.chain(), c)
}

// under tells whether a category is one of some or below one of them.
func (c *catalog) under(id string, some ...string) bool {
	for node := c.byID[id]; node != nil; node = node.parent {
		if slices.Contains(some, node.id) {
			return true
		}
	}
	return false
}

// attribute is a built-in attribute that categories refer to.
type attribute struct {
	id           string
	name         name
	kind         string
	customizable bool // takes values of the seller's own
	multiple     bool // takes several values
	values       []attributeValue
}

type attributeValue struct {
	id   string
	name name
}

// value returns a built-in value by its id, or nil.
func (a *attribute) value(id string) *attributeValue {
	for i := range a.values {
		if a.values[i].id == id {
			return &a.values[i]
		}
	}
	return nil
}

// catalog is what all shops share: the tree and the attributes. It never
// changes.
type catalog struct {
	categories []*category // parents before children
	byID       map[string]*category
	attributes map[string]*attribute
}

func newCatalog() *catalog {
	c := &catalog{byID: map[string]*category{}, attributes: map[string]*attribute{}}
	seeds := attributeSeeds()
	for i := range seeds {
		c.attributes[seeds[i].id] = &seeds[i]
	}
	var add func(parent *category, seeds []categorySeed)
	add = func(parent *category, seeds []categorySeed) {
		for _, seed := range seeds {
			node := &category{id: seed.id, parent: parent, name: seed.name, leaf: seed.leaf}
			if parent != nil {
				parent.children = append(parent.children, node)
			}
			c.categories = append(c.categories, node)
			c.byID[node.id] = node
			add(node, seed.children)
		}
	}
	add(nil, categorySeeds())
	return c
}

// leaves returns the categories that products can be in.
func (c *catalog) leaves() []*category {
	var leaves []*category
	for _, node := range c.categories {
		if node.leaf != nil {
			leaves = append(leaves, node)
		}
	}
	return leaves
}

// recommend returns the leaf whose keywords and name share most words with a
// text, the first leaf where none shares any.
func (c *catalog) recommend(text string) *category {
	words := map[string]bool{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !(r == '-' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f)
	}) {
		words[word] = true
		words[strings.TrimSuffix(word, "s")] = true
	}
	leaves := c.leaves()
	best, bestScore := leaves[0], 0
	for _, leaf := range leaves {
		score := 0
		for word := range strings.FieldsSeq(leaf.leaf.keywords + " " + strings.ToLower(leaf.name.vi)) {
			if words[word] {
				score++
			}
		}
		if score > bestScore {
			best, bestScore = leaf, score
		}
	}
	return best
}

// catalogOf returns the tree and the attributes that all shops share.
func catalogOf(w *world) *catalog { return roomIn[catalog](w.rooms) }
