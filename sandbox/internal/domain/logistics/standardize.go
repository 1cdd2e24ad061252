package logistics

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// postalAddress is an address as it is standardized.
type postalAddress struct {
	AddressLine1 string `json:"address_line1"`
	AddressLine2 string `json:"address_line2"`
	City         string `json:"city"`
	District     string `json:"district"`
	PostalCode   string `json:"postal_code"`
	RegionCode   string `json:"region_code"`
	State        string `json:"state"`
	Town         string `json:"town"`
}

// standardizeAddress suggests the form of an address in the US that its postal
// service likes. No code is documented for other markets.
func standardizeAddress(c *gate.Call) *gate.Failure {
	var input struct {
		Address *postalAddress `json:"address"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	switch {
	case c.Shop.Region != "US":
		return gate.Fail(gate.CodeInvalidParameter, "addresses are standardized in the US only, this shop sells in ", c.Shop.Region)
	case input.Address == nil:
		return gate.Missing("address")
	case strings.TrimSpace(input.Address.AddressLine1) == "":
		return gate.Missing("address.address_line1")
	}
	type result struct {
		Address postalAddress `json:"standardized_address"`
		Updated bool          `json:"updated"`
	}
	better := input.Address.standard()
	c.JSON(struct {
		Result result `json:"standardization_result"`
	}{result{better, better != *input.Address}})
	return nil
}

// standard returns an address with single spaces, capitals where words begin,
// the state in full and the hyphen in a long postal code.
func (a *postalAddress) standard() postalAddress {
	better := postalAddress{
		AddressLine1: capitalize(a.AddressLine1), AddressLine2: capitalize(a.AddressLine2), City: capitalize(a.City),
		District: capitalize(a.District), Town: capitalize(a.Town), State: capitalize(a.State),
		RegionCode: strings.ToUpper(strings.TrimSpace(a.RegionCode)), PostalCode: strings.TrimSpace(a.PostalCode),
	}
	if full := stateNames()[strings.ToUpper(strings.TrimSpace(a.State))]; full != "" {
		better.State = full
	}
	if code := better.PostalCode; len(code) == 9 && strings.Trim(code, "0123456789") == "" {
		better.PostalCode = code[:5] + "-" + code[5:]
	}
	return better
}

// capitalize lets the words of a text that is all small or all capital letters
// begin with a capital one. Others are taken to be meant as they are.
func capitalize(text string) string {
	words := strings.Fields(text)
	plain := strings.Join(words, " ")
	if plain != strings.ToLower(plain) && plain != strings.ToUpper(plain) {
		return plain
	}
	for i, word := range words {
		first, size := utf8.DecodeRuneInString(word)
		words[i] = string(unicode.ToUpper(first)) + strings.ToLower(word[size:])
	}
	return strings.Join(words, " ")
}

// stateNames returns the names of the states by the letters of the post.
func stateNames() map[string]string {
	const all = `AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,DC District of Columbia,
FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,
MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,
NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,
SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming`
	names := map[string]string{}
	for state := range strings.SplitSeq(all, ",") {
		letters, name, _ := strings.Cut(strings.TrimSpace(state), " ")
		names[letters] = name
	}
	return names
}
