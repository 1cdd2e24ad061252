package sandbox

// The forms in which products are shown.

type auditView struct {
	Status             string   `json:"status"`
	PreApprovedReasons []string `json:"pre_approved_reasons"`
}

type brandView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type attributeView struct {
	ID     string               `json:"id"`
	Name   string               `json:"name"`
	Values []attributeValueView `json:"values"`
}

type attributeValueView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type certificationView struct {
	ID             string                  `json:"id"`
	Title          string                  `json:"title"`
	Images         []imageView             `json:"images"`
	Files          []certificationFileView `json:"files"`
	ExpirationDate int64                   `json:"expiration_date,omitempty"`
}

type sizeChartView struct {
	Image    *imageView         `json:"image,omitempty"`
	Template *sizeChartTemplate `json:"template,omitempty"`
}

type priceView struct {
	Currency          string `json:"currency"`
	SalePrice         string `json:"sale_price"`
	TaxExclusivePrice string `json:"tax_exclusive_price"`
}

type listPriceView struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

type stockView struct {
	WarehouseID       string `json:"warehouse_id"`
	Quantity          int64  `json:"quantity"`
	BackorderQuantity *int64 `json:"backorder_quantity,omitempty"`
	HandlingTime      *int64 `json:"handling_time,omitempty"`
}

type salesAttributeView struct {
	ID                     string      `json:"id"`
	Name                   string      `json:"name"`
	ValueID                string      `json:"value_id"`
	ValueName              string      `json:"value_name"`
	SKUImage               *imageView  `json:"sku_img,omitempty"`
	SupplementarySKUImages []imageView `json:"supplementary_sku_images,omitempty"`
}

type statusView struct {
	Status             string `json:"status"`
	DeactivationSource string `json:"deactivation_source,omitempty"`
}

type skuView struct {
	ID                   string               `json:"id"`
	SellerSKU            string               `json:"seller_sku"`
	Price                priceView            `json:"price"`
	Inventory            []stockView          `json:"inventory"`
	SalesAttributes      []salesAttributeView `json:"sales_attributes"`
	StatusInfo           statusView           `json:"status_info"`
	ListPrice            *listPriceView       `json:"list_price,omitempty"`
	ExternalSKUID        string               `json:"external_sku_id,omitempty"`
	ExternalListPrices   []externalListPrice  `json:"external_list_prices,omitempty"`
	ExternalURLs         []string             `json:"external_urls,omitempty"`
	ExtraIdentifierCodes []string             `json:"extra_identifier_codes,omitempty"`
	IdentifierCode       *identifierCode      `json:"identifier_code,omitempty"`
	CombinedSKUs         []combinedSKU        `json:"combined_skus,omitempty"`
	SKUUnitCount         string               `json:"sku_unit_count,omitempty"`
	PreSale              *preSale             `json:"pre_sale,omitempty"`
	Fees                 []fee                `json:"fees,omitempty"`
	ListingPolicy        *listingPolicyView   `json:"global_listing_policy,omitempty"`
}

type deliveryOptionView struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	IsAvailable bool   `json:"is_available"`
}

type productView struct {
	ID                           string               `json:"id"`
	Status                       string               `json:"status"`
	ProductStatus                string               `json:"product_status"`
	Audit                        auditView            `json:"audit"`
	AuditFailedReasons           []auditFailure       `json:"audit_failed_reasons,omitempty"`
	Title                        string               `json:"title"`
	Description                  string               `json:"description"`
	CreateTime                   int64                `json:"create_time"`
	UpdateTime                   int64                `json:"update_time"`
	HasDraft                     bool                 `json:"has_draft"`
	Brand                        *brandView           `json:"brand,omitempty"`
	CategoryChains               []categoryView       `json:"category_chains"`
	MainImages                   []imageView          `json:"main_images"`
	ProductAttributes            []attributeView      `json:"product_attributes"`
	SKUs                         []skuView            `json:"skus"`
	PackageWeight                *weight              `json:"package_weight,omitempty"`
	PackageDimensions            *dimensions          `json:"package_dimensions,omitempty"`
	Certifications               []certificationView  `json:"certifications,omitempty"`
	SizeChart                    *sizeChartView       `json:"size_chart,omitempty"`
	Video                        *videoRef            `json:"video,omitempty"`
	ExternalProductID            string               `json:"external_product_id,omitempty"`
	IsCODAllowed                 bool                 `json:"is_cod_allowed"`
	IsNotForSale                 bool                 `json:"is_not_for_sale"`
	IsPreOwned                   bool                 `json:"is_pre_owned"`
	IsReplicated                 bool                 `json:"is_replicated"`
	MinimumOrderQuantity         int                  `json:"minimum_order_quantity,omitempty"`
	ShippingInsuranceRequirement string               `json:"shipping_insurance_requirement,omitempty"`
	ShippingTemplateID           string               `json:"shipping_template_id,omitempty"`
	ListingQualityTier           string               `json:"listing_quality_tier,omitempty"`
	DeliveryOptions              []deliveryOptionView `json:"delivery_options,omitempty"`
	ManufacturerIDs              []string             `json:"manufacturer_ids,omitempty"`
	ResponsiblePersonIDs         []string             `json:"responsible_person_ids,omitempty"`
	PrimaryCombinedProductID     string               `json:"primary_combined_product_id,omitempty"`
	ProductTypes                 []string             `json:"product_types"`
	Association                  *globalAssociation   `json:"global_product_association,omitempty"`
}

func newImageView(c *call, uri string) imageView {
	view := imageView{URI: uri}
	url := imageURL(c, uri)
	view.URLs, view.ThumbURLs = []string{url}, []string{url}
	if info := imagesOf(c.state.world).get(uri); info != nil {
		view.Width, view.Height = info.width, info.height
	}
	return view
}

func imageViews(c *call, uris []string) []imageView {
	views := make([]imageView, len(uris))
	for i, uri := range uris {
		views[i] = newImageView(c, uri)
	}
	return views
}

// newPriceView shows a price. The sandbox adds no tax and no cross-border charge,
// so both prices are the one that buyers see.
func newPriceView(r *region, price int64) priceView {
	amount := r.money(price)
	return priceView{r.currency, amount, amount}
}

func newListPriceView(r *region, price int64) *listPriceView {
	if price == 0 {
		return nil
	}
	return &listPriceView{r.money(price), r.currency}
}

func stockViews(places []stock) []stockView {
	views := make([]stockView, len(places))
	for i, s := range places {
		views[i] = stockView{WarehouseID: s.warehouse, Quantity: s.available}
		if s.backorder > 0 {
			views[i].BackorderQuantity, views[i].HandlingTime = &s.backorder, &s.handlingTime
		}
	}
	return views
}

func newSKUView(c *call, p *product, s *sku) skuView {
	view := skuView{
		ID: s.id, SellerSKU: s.sellerSKU,
		Price: newPriceView(c.shop.region, s.price), ListPrice: newListPriceView(c.shop.region, s.listPrice),
		Inventory: stockViews(p.stock[s.id]), SalesAttributes: []salesAttributeView{},
		StatusInfo:    statusView{Status: "NORMAL"},
		ExternalSKUID: s.externalID, ExternalListPrices: s.externalLists, ExternalURLs: s.externalURLs,
		ExtraIdentifierCodes: s.extraCodes, IdentifierCode: s.identifier, CombinedSKUs: s.combined,
		SKUUnitCount: s.unitCount, PreSale: s.preSale, Fees: s.fees, ListingPolicy: p.listingPolicy(s.id),
	}
	for _, a := range s.attributes {
		shown := salesAttributeView{ID: a.id, Name: a.name, ValueID: a.valueID, ValueName: a.value}
		if a.image != "" {
			shown.SKUImage = new(newImageView(c, a.image))
		}
		if len(a.more) > 0 {
			shown.SupplementarySKUImages = imageViews(c, a.more)
		}
		view.SalesAttributes = append(view.SalesAttributes, shown)
	}
	return view
}

// newProductView shows a product with one of its contents.
func newProductView(c *call, p *product, shown *content, locale string) productView {
	w := c.state.world
	view := productView{
		ID: p.id, Status: p.status, ProductStatus: p.status,
		Audit: auditView{p.audit, []string{}}, AuditFailedReasons: p.failures,
		Title: shown.title, Description: shown.description,
		CreateTime: p.created, UpdateTime: p.updated, HasDraft: p.draft != nil,
		CategoryChains: []categoryView{}, MainImages: imageViews(c, shown.images),
		ProductAttributes: []attributeView{}, SKUs: []skuView{},
		PackageWeight: shown.weight, PackageDimensions: shown.dimensions,
		ExternalProductID: shown.externalID, IsCODAllowed: shown.cod,
		IsNotForSale: shown.notForSale, IsPreOwned: shown.preOwned,
		MinimumOrderQuantity: shown.minimumQuantity, ShippingInsuranceRequirement: shown.insurance,
		ShippingTemplateID: shown.shippingTemplate, ListingQualityTier: p.quality,
		ManufacturerIDs: shown.manufacturers, ResponsiblePersonIDs: shown.responsible,
		PrimaryCombinedProductID: shown.primaryCombined, ProductTypes: []string{},
		Association: p.association.of(shown), IsReplicated: p.replica != nil,
	}
	// product_status knows no review: what is under one or lost it has not been
	// live, which is INITIAL.
	if p.status == productPending || p.status == productFailed {
		view.ProductStatus = "INITIAL"
	}
	if b := brandsOf(w).get(shown.brandID); b != nil {
		view.Brand = &brandView{b.id, b.name}
	}
	if node := catalogOf(w).byID[shown.categoryID]; node != nil {
		view.CategoryChains = categoryViews(node.chain(), locale)
	}
	for _, a := range shown.attributes {
		values := make([]attributeValueView, len(a.values))
		for i, v := range a.values {
			values[i] = attributeValueView{v.id, v.name}
		}
		view.ProductAttributes = append(view.ProductAttributes, attributeView{a.id, a.name, values})
	}
	for i := range shown.skus {
		view.SKUs = append(view.SKUs, newSKUView(c, p, &shown.skus[i]))
		if len(shown.skus[i].combined) > 0 {
			view.ProductTypes = []string{"COMBINED_PRODUCT"}
		}
	}
	for _, cert := range shown.certifications {
		shownCert := certificationView{ID: cert.ID, Images: []imageView{}, Files: certificationFiles(c, cert.Files), ExpirationDate: cert.ExpirationDate}
		for _, image := range cert.Images {
			shownCert.Images = append(shownCert.Images, newImageView(c, image.URI))
		}
		view.Certifications = append(view.Certifications, shownCert)
	}
	if chart := shown.sizeChart; chart != nil {
		view.SizeChart = &sizeChartView{Template: chart.Template}
		if chart.Image != nil {
			view.SizeChart.Image = new(newImageView(c, chart.Image.URI))
		}
	}
	if shown.videoID != "" {
		view.Video = &videoRef{shown.videoID}
	}
	for _, id := range shown.deliveryOptions {
		view.DeliveryOptions = append(view.DeliveryOptions, deliveryOptionView{id, "Standard Shipping", true})
	}
	return view
}

func getProduct(c *call) *failure {
	underReview, f := c.flag("return_under_review_version")
	if f != nil {
		return f
	}
	draft, f := c.flag("return_draft_version")
	if f != nil {
		return f
	}
	c.shop.mu.Lock() // a look may end a review
	defer c.shop.mu.Unlock()
	p, f := findProduct(c, c.param(0))
	if f != nil {
		return f
	}
	shown := &p.live
	switch {
	case draft && p.draft != nil:
		shown = p.draft
	case underReview && p.review != nil:
		shown = p.review
	}
	c.json(newProductView(c, p, shown, locale(c)))
	return nil
}
