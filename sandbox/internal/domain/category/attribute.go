package category

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// CategoryAttributeView is an attribute of a category as both markets and global
// selling list it.
type CategoryAttributeView struct {
	ID                    string              `json:"id"`
	Name                  string              `json:"name"`
	Type                  string              `json:"type"`
	IsRequired            bool                `json:"is_requried"` // spelt so by the platform
	IsCustomizable        bool                `json:"is_customizable"`
	IsMultipleSelection   bool                `json:"is_multiple_selection"`
	Values                []categoryValueView `json:"values"`
	RequirementConditions []struct{}          `json:"requirement_conditions"`
}

type categoryValueView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// NewCategoryAttributeView shows an attribute of a category.
func NewCategoryAttributeView(c *gate.Call, node *Category, id, locale string) CategoryAttributeView {
	a := CatalogOf(c.State.World).Attributes[id]
	view := CategoryAttributeView{
		ID: a.ID, Name: a.Name.In(locale), Type: a.Kind, IsRequired: id == node.Leaf.Mandatory,
		IsCustomizable: a.Customizable, IsMultipleSelection: a.Multiple,
		Values: []categoryValueView{}, RequirementConditions: []struct{}{},
	}
	for _, v := range a.Values {
		view.Values = append(view.Values, categoryValueView{v.ID, v.Name.In(locale)})
	}
	return view
}
