package category

import (
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Category is a node of the category tree.
type Category struct {
	ID       string
	Parent   *Category // nil at the top
	Name     name
	children []*Category
	Leaf     *leafSeed // nil where it has children
}

// Chain returns the way from the top of the tree to the category.
func (c *Category) Chain() []*Category {
	if c.Parent == nil {
		return []*Category{c}
	}
	return append(c.Parent.Chain(), c)
}

// Under tells whether a category is one of some or below one of them.
func (c *Catalog) Under(id string, some ...string) bool {
	for node := c.ByID[id]; node != nil; node = node.Parent {
		if slices.Contains(some, node.ID) {
			return true
		}
	}
	return false
}

// attribute is a built-in attribute that categories refer to.
type attribute struct {
	ID           string
	Name         name
	Kind         string
	Customizable bool // takes values of the seller's own
	Multiple     bool // takes several values
	Values       []AttributeValue
}

// AttributeValue is a built-in value of an attribute.
type AttributeValue struct {
	ID   string
	Name name
}

// Value returns a built-in value by its id, or nil.
func (a *attribute) Value(id string) *AttributeValue {
	for i := range a.Values {
		if a.Values[i].ID == id {
			return &a.Values[i]
		}
	}
	return nil
}

// Catalog is what all shops share: the tree and the attributes. It never
// changes.
type Catalog struct {
	Categories []*Category // parents before children
	ByID       map[string]*Category
	Attributes map[string]*attribute
}

// NewCatalog returns the tree and the attributes that all shops share.
func NewCatalog() *Catalog {
	c := &Catalog{ByID: map[string]*Category{}, Attributes: map[string]*attribute{}}
	seeds := attributeSeeds()
	for i := range seeds {
		c.Attributes[seeds[i].ID] = &seeds[i]
	}
	var add func(parent *Category, seeds []categorySeed)
	add = func(parent *Category, seeds []categorySeed) {
		for _, seed := range seeds {
			node := &Category{ID: seed.id, Parent: parent, Name: seed.name, Leaf: seed.leaf}
			if parent != nil {
				parent.children = append(parent.children, node)
			}
			c.Categories = append(c.Categories, node)
			c.ByID[node.ID] = node
			add(node, seed.children)
		}
	}
	add(nil, categorySeeds())
	return c
}

// Leaves returns the categories that products can be in.
func (c *Catalog) Leaves() []*Category {
	var leaves []*Category
	for _, node := range c.Categories {
		if node.Leaf != nil {
			leaves = append(leaves, node)
		}
	}
	return leaves
}

// Recommend returns the leaf whose keywords and name share most words with a
// text, the first leaf where none shares any.
func (c *Catalog) Recommend(text string) *Category {
	words := map[string]bool{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !(r == '-' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f)
	}) {
		words[word] = true
		words[strings.TrimSuffix(word, "s")] = true
	}
	leaves := c.Leaves()
	best, bestScore := leaves[0], 0
	for _, leaf := range leaves {
		score := 0
		for word := range strings.FieldsSeq(leaf.Leaf.Keywords + " " + strings.ToLower(leaf.Name.Vi)) {
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

// CatalogOf returns the tree and the attributes that all shops share.
func CatalogOf(w *world.World) *Catalog { return world.RoomIn[Catalog](w.Rooms) }
