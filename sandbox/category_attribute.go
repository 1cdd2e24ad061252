package sandbox

// categoryAttributeView is an attribute of a category as both markets and global
// selling list it.
type categoryAttributeView struct {
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

func newCategoryAttributeView(c *call, node *category, id, locale string) categoryAttributeView {
	a := catalogOf(c.state.world).attributes[id]
	view := categoryAttributeView{
		ID: a.id, Name: a.name.in(locale), Type: a.kind, IsRequired: id == node.leaf.mandatory,
		IsCustomizable: a.customizable, IsMultipleSelection: a.multiple,
		Values: []categoryValueView{}, RequirementConditions: []struct{}{},
	}
	for _, v := range a.values {
		view.Values = append(view.Values, categoryValueView{v.id, v.name.in(locale)})
	}
	return view
}
