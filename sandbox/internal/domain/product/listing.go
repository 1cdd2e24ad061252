package product

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/compliance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// The numbers of products that may be asked about at once.
const (
	maxDiagnosed = 200
	maxSuggested = 20
)

// The outcomes of a check.
const (
	CheckPassed = "PASS"
	CheckFailed = "FAILED"
)

// The tiers of a listing, and what a good one has. The measures are ours.
const (
	tierPoor = "POOR"
	tierFair = "FAIR"
	tierGood = "GOOD"

	goodTitle       = 40  // characters
	goodDescription = 300 // characters
	goodImages      = 5
	poorHints       = 3 // from so many on a listing is poor
)

// checkProductListing tells whether a product could be created. What the
// operation lists among its own codes refuses the request; other rules that are
// broken are the result.
func checkProductListing(c *gate.Call) *gate.Failure {
	diagnose := true
	if value, _ := wire.Lookup(c.Query, "is_diagnosis_required"); value != "" {
		wanted, f := c.Flag("is_diagnosis_required")
		if f != nil {
			return f
		}
		diagnose = wanted
	}
	var in ProductInput
	if f := c.Decode(&in); f != nil {
		return f
	}
	type reason struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	answer := struct {
		Result    string        `json:"check_result"`
		Reasons   []reason      `json:"fail_reasons,omitempty"`
		Diagnoses []diagnosis   `json:"diagnoses,omitempty"`
		Quality   *qualityState `json:"listing_quality,omitempty"`
	}{Result: CheckPassed}
	b, f := tryListing(c, &in)
	switch {
	case f == nil && diagnose:
		answer.Diagnoses = diagnoseContent(c, &b.Next)
		answer.Quality = qualityOf(answer.Diagnoses)
	case f == nil:
	case f.Code == gate.CodeInvalidParameter || slices.Contains(c.Route.Spec().Codes, f.Code):
		return f
	default:
		answer.Result, answer.Reasons = CheckFailed, []reason{{f.Code, f.Message}}
	}
	c.JSON(answer)
	return nil
}

// tryListing builds a product without leaving a trace: ids come from elsewhere.
func tryListing(c *gate.Call, in *ProductInput) (*Builder, *gate.Failure) {
	t := TermsOf(c.Shop)
	t.IDs = &invent.IDs{Next: world.IDProducts, Random: invent.NewRandom(0, 0)}
	t.CustomIDs = maps.Clone(t.CustomIDs)
	return Build(c, t, in, nil, nil, false)
}

// diagnosis is what could be better about a field of a product.
type diagnosis struct {
	Field   string          `json:"field"`
	Results []diagnosisHint `json:"diagnosis_results"`
}

type diagnosisHint struct {
	HowToSolve string `json:"how_to_solve"`
	Tier       string `json:"quality_tier"` // that it would reach
}

type qualityState struct {
	Tier      string `json:"current_tier"`
	Remaining int    `json:"remaining_recommendations"`
}

// diagnoseContent finds what could be better about a product. The platform's measures
// and the codes of its advice are not published; these are plain ones.
func diagnoseContent(c *gate.Call, shown *Content) []diagnosis {
	list := []diagnosis{}
	note := func(poor bool, field, tier, solve string) {
		if poor {
			list = append(list, diagnosis{field, []diagnosisHint{{solve, tier}}})
		}
	}
	note(utf8.RuneCountInString(shown.Title) < goodTitle, "TITLE", tierFair, "Use 40 characters or more")
	note(utf8.RuneCountInString(shown.Description) < goodDescription, "DESCRIPTION", tierGood, "Use 300 characters or more")
	note(len(shown.Images) < goodImages, "IMAGE", tierFair, "Show the product in 5 images or more")
	if node := category.CatalogOf(c.State.World).ByID[shown.CategoryID]; node != nil && node.Leaf != nil {
		wanted := 0
		for _, id := range node.Leaf.Attributes {
			if category.CatalogOf(c.State.World).Attributes[id].Kind == category.ProductProperty {
				wanted++
			}
		}
		note(len(shown.Attributes) < wanted, "ATTRIBUTE", tierGood, "Fill in all attributes of the category")
		note(node.Leaf.SizeChart && shown.SizeChart == nil, "SIZE_CHART", tierGood, "Add a size chart")
	}
	return list
}

func qualityOf(list []diagnosis) *qualityState {
	switch n := len(list); {
	case n == 0:
		return &qualityState{tierGood, 0}
	case n < poorHints:
		return &qualityState{tierFair, n}
	default:
		return &qualityState{tierPoor, n}
	}
}

// namedProducts returns the products that the query names. The caller holds
// the shop's lock.
func namedProducts(c *gate.Call, most int) ([]*Product, *gate.Failure) {
	ids := c.List("product_ids")
	switch {
	case len(ids) == 0:
		return nil, gate.Missing("product_ids")
	case len(ids) > most:
		return nil, gate.Fail(CodeTooManyProducts, "'product_ids' takes at most ", strconv.Itoa(most), " ids")
	}
	var list []*Product
	for _, id := range ids {
		p, f := FindProduct(c, id)
		switch {
		case f == nil:
			list = append(list, p)
		case f.Code == CodeProductForeign:
			return nil, gate.Fail(codeProductHidden, f.Message)
		default:
			return nil, gate.Fail(CodeGlobalUnknown, f.Message)
		}
	}
	return list, nil
}

func getDiagnoses(c *gate.Call) *gate.Failure {
	products, f := namedProducts(c, maxDiagnosed)
	if f != nil {
		return f
	}
	type view struct {
		ID        string        `json:"id"`
		Diagnoses []diagnosis   `json:"diagnoses"`
		Quality   *qualityState `json:"listing_quality"`
	}
	list := []view{}
	for _, p := range products {
		found := diagnoseContent(c, &p.Live)
		quality := qualityOf(found)
		quality.Tier = cmp.Or(p.Quality, quality.Tier)
		list = append(list, view{p.ID, found, quality})
	}
	c.JSON(struct {
		Products []view `json:"products"`
	}{list})
	return nil
}

// diagnoseProduct looks at a product that is sent, and for what is left out at
// the one that it names.
func diagnoseProduct(c *gate.Call) *gate.Failure {
	var in struct {
		ProductInput
		ProductID string `json:"product_id"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	node, f := category.Leaf(c, invent.Deref(in.CategoryID))
	if f != nil {
		return f
	}
	var shown Content
	if in.ProductID != "" {
		p, f := FindProduct(c, in.ProductID)
		if f != nil {
			return f
		}
		shown = p.Live
	}
	shown.CategoryID = node.ID
	invent.Take(&shown.Title, in.Title)
	invent.Take(&shown.Description, in.Description)
	if in.MainImages != nil {
		shown.Images = invent.Each(in.MainImages, func(ref media.ImageRef) string { return ref.URI })
	}
	if in.ProductAttributes != nil {
		shown.Attributes = make([]ProductAttribute, len(in.ProductAttributes))
	}
	if in.SizeChart != nil {
		shown.SizeChart = in.SizeChart
	}
	found := diagnoseContent(c, &shown)
	c.JSON(struct {
		Diagnoses []diagnosis   `json:"diagnoses"`
		Quality   *qualityState `json:"listing_quality"`
	}{found, qualityOf(found)})
	return nil
}

// getSEOWords suggests the words of the products' categories.
func getSEOWords(c *gate.Call) *gate.Failure {
	products, f := namedProducts(c, maxSuggested)
	if f != nil {
		return f
	}
	type word struct {
		Text string `json:"text"`
	}
	type view struct {
		ID    string `json:"id"`
		Words []word `json:"seo_words"`
	}
	list := []view{}
	for _, p := range products {
		shown := view{p.ID, []word{}}
		for text := range strings.FieldsSeq(category.CatalogOf(c.State.World).ByID[p.Live.CategoryID].Leaf.Keywords) {
			shown.Words = append(shown.Words, word{text})
		}
		list = append(list, shown)
	}
	c.JSON(struct {
		Products []view `json:"products"`
	}{list})
	return nil
}

// recommendBrand finds the brand that a title names, the longest where there
// are several.
func recommendBrand(c *gate.Call) *gate.Failure {
	var in struct {
		Title string `json:"product_title"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	var answer struct {
		Brand *brandView `json:"brand,omitempty"`
	}
	brands := category.BrandsOf(c.State.World)
	brands.Mu.RLock()
	defer brands.Mu.RUnlock()
	for _, b := range brands.List {
		if compliance.ContainsFold(in.Title, b.Name) && (answer.Brand == nil || len(b.Name) > len(answer.Brand.Name)) {
			answer.Brand = &brandView{b.ID, b.Name}
		}
	}
	c.JSON(answer)
	return nil
}

// getSuggestions proposes texts for products of the shop. Nobody writes them
// here, so they come from the shape of the answer.
func getSuggestions(c *gate.Call) *gate.Failure {
	c.Shop.Mu.RLock()
	_, f := namedProducts(c, maxSuggested)
	c.Shop.Mu.RUnlock()
	if f != nil {
		return f
	}
	c.Source = "shape"
	return c.Gate.Registry.Fallback(c)
}
