package sandbox

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Codes of the operations about listings.
const (
	codeProductHidden  = 12009014
	codeUpgradeRunning = 12052234
	codeUpgradeRefused = 12052265
)

// The numbers of products that may be asked about at once.
const (
	maxDiagnosed = 200
	maxSuggested = 20
)

// The outcomes of a check.
const (
	checkPassed = "PASS"
	checkFailed = "FAILED"
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

// getPrerequisites tells what stands between the shop and a listing: nothing
// but missing warehouses, since all else is in order here.
func getPrerequisites(c *call) *failure {
	type view struct {
		Item    string   `json:"check_item"`
		Failed  bool     `json:"is_failed"`
		Reasons []string `json:"fail_reasons"`
	}
	list := []view{}
	c.shop.mu.RLock()
	defer c.shop.mu.RUnlock()
	for _, item := range []string{
		"SHOP_STATUS", "SHOP_TAX", "PICKUP_WAREHOUSE", "RETURN_WAREHOUSE", "DELIVERY_OPTION", "SHIPPING_TEMPLATE",
		"PRODUCT_QUANTITY_LIMIT", "EXTENDED_PRODUCER_RESPONSIBILITY", "BANk_ACCOUNT", "CONTACT_INFO", // spelt so by the platform
	} {
		shown := view{item, false, []string{}}
		kind := map[string]string{"PICKUP_WAREHOUSE": warehouseSales, "RETURN_WAREHOUSE": warehouseReturn}[item]
		if kind != "" && !slices.ContainsFunc(c.shop.warehouses, func(w warehouse) bool { return w.kind == kind && w.status == warehouseEnabled }) {
			shown.Failed, shown.Reasons = true, []string{"the shop has no " + kind}
		}
		list = append(list, shown)
	}
	c.json(struct {
		Results []view `json:"check_results"`
	}{list})
	return nil
}

// checkProductListing tells whether a product could be created. What the
// operation lists among its own codes refuses the request; other rules that are
// broken are the result.
func checkProductListing(c *call) *failure {
	diagnose := true
	if value, _ := lookup(c.query, "is_diagnosis_required"); value != "" {
		wanted, f := c.flag("is_diagnosis_required")
		if f != nil {
			return f
		}
		diagnose = wanted
	}
	var in productInput
	if f := c.decode(&in); f != nil {
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
	}{Result: checkPassed}
	b, f := tryListing(c, &in)
	switch {
	case f == nil && diagnose:
		answer.Diagnoses = diagnoseContent(c, &b.next)
		answer.Quality = qualityOf(answer.Diagnoses)
	case f == nil:
	case f.code == codeInvalidParameter || slices.Contains(c.route.spec().Codes, f.code):
		return f
	default:
		answer.Result, answer.Reasons = checkFailed, []reason{{f.code, f.message}}
	}
	c.json(answer)
	return nil
}

// tryListing builds a product without leaving a trace: ids come from elsewhere.
func tryListing(c *call, in *productInput) (*builder, *failure) {
	c.shop.mu.RLock()
	names, warehouses := maps.Clone(productsOf(c.shop).customIDs), slices.Clone(c.shop.warehouses)
	c.shop.mu.RUnlock()
	at := *c
	at.shop = newStandIn(c.shop.world, c.shop.identity, c.shop.owner, c.shop.region, ids{idProducts, newRandom(0, 0)}, names)
	at.shop.warehouses = warehouses
	return build(&at, in, nil, nil, false)
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
func diagnoseContent(c *call, shown *content) []diagnosis {
	list := []diagnosis{}
	note := func(poor bool, field, tier, solve string) {
		if poor {
			list = append(list, diagnosis{field, []diagnosisHint{{solve, tier}}})
		}
	}
	note(utf8.RuneCountInString(shown.title) < goodTitle, "TITLE", tierFair, "Use 40 characters or more")
	note(utf8.RuneCountInString(shown.description) < goodDescription, "DESCRIPTION", tierGood, "Use 300 characters or more")
	note(len(shown.images) < goodImages, "IMAGE", tierFair, "Show the product in 5 images or more")
	if node := catalogOf(c.state.world).byID[shown.categoryID]; node != nil && node.leaf != nil {
		wanted := 0
		for _, id := range node.leaf.attributes {
			if catalogOf(c.state.world).attributes[id].kind == productProperty {
				wanted++
			}
		}
		note(len(shown.attributes) < wanted, "ATTRIBUTE", tierGood, "Fill in all attributes of the category")
		note(node.leaf.sizeChart && shown.sizeChart == nil, "SIZE_CHART", tierGood, "Add a size chart")
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
func namedProducts(c *call, most int) ([]*product, *failure) {
	ids := c.list("product_ids")
	switch {
	case len(ids) == 0:
		return nil, missing("product_ids")
	case len(ids) > most:
		return nil, fail(codeTooManyProducts, "'product_ids' takes at most ", strconv.Itoa(most), " ids")
	}
	var list []*product
	for _, id := range ids {
		p, f := findProduct(c, id)
		switch {
		case f == nil:
			list = append(list, p)
		case f.code == codeProductForeign:
			return nil, fail(codeProductHidden, f.message)
		default:
			return nil, fail(codeGlobalUnknown, f.message)
		}
	}
	return list, nil
}

func getDiagnoses(c *call) *failure {
	c.shop.mu.Lock() // a look may end a review
	defer c.shop.mu.Unlock()
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
		found := diagnoseContent(c, &p.live)
		quality := qualityOf(found)
		quality.Tier = cmp.Or(p.quality, quality.Tier)
		list = append(list, view{p.id, found, quality})
	}
	c.json(struct {
		Products []view `json:"products"`
	}{list})
	return nil
}

// diagnoseProduct looks at a product that is sent, and for what is left out at
// the one that it names.
func diagnoseProduct(c *call) *failure {
	var in struct {
		productInput
		ProductID string `json:"product_id"`
	}
	if f := c.decode(&in); f != nil {
		return f
	}
	node, f := leaf(c, deref(in.CategoryID))
	if f != nil {
		return f
	}
	var shown content
	if in.ProductID != "" {
		c.shop.mu.Lock() // a look may end a review
		defer c.shop.mu.Unlock()
		p, f := findProduct(c, in.ProductID)
		if f != nil {
			return f
		}
		shown = p.live
	}
	shown.categoryID = node.id
	take(&shown.title, in.Title)
	take(&shown.description, in.Description)
	if in.MainImages != nil {
		shown.images = each(in.MainImages, func(ref imageRef) string { return ref.URI })
	}
	if in.ProductAttributes != nil {
		shown.attributes = make([]productAttribute, len(in.ProductAttributes))
	}
	if in.SizeChart != nil {
		shown.sizeChart = in.SizeChart
	}
	found := diagnoseContent(c, &shown)
	c.json(struct {
		Diagnoses []diagnosis   `json:"diagnoses"`
		Quality   *qualityState `json:"listing_quality"`
	}{found, qualityOf(found)})
	return nil
}

// getSEOWords suggests the words of the products' categories.
func getSEOWords(c *call) *failure {
	c.shop.mu.Lock() // a look may end a review
	defer c.shop.mu.Unlock()
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
		shown := view{p.id, []word{}}
		for text := range strings.FieldsSeq(catalogOf(c.state.world).byID[p.live.categoryID].leaf.keywords) {
			shown.Words = append(shown.Words, word{text})
		}
		list = append(list, shown)
	}
	c.json(struct {
		Products []view `json:"products"`
	}{list})
	return nil
}

// recommendBrand finds the brand that a title names, the longest where there
// are several.
func recommendBrand(c *call) *failure {
	var in struct {
		Title string `json:"product_title"`
	}
	if f := c.decode(&in); f != nil {
		return f
	}
	var answer struct {
		Brand *brandView `json:"brand,omitempty"`
	}
	brands := brandsOf(c.state.world)
	brands.mu.RLock()
	defer brands.mu.RUnlock()
	for _, b := range brands.list {
		if containsFold(in.Title, b.name) && (answer.Brand == nil || len(b.name) > len(answer.Brand.Name)) {
			answer.Brand = &brandView{b.id, b.name}
		}
	}
	c.json(answer)
	return nil
}

// getSuggestions proposes texts for products of the shop. Nobody writes them
// here, so they come from the shape of the answer.
func getSuggestions(c *call) *failure {
	c.shop.mu.Lock() // a look may end a review
	_, f := namedProducts(c, maxSuggested)
	c.shop.mu.Unlock()
	if f != nil {
		return f
	}
	c.source = "shape"
	return c.sb.registry.fallback(c)
}
