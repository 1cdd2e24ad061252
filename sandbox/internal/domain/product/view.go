package product

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/category"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/compliance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/market"
)

// The forms in which products are shown.

type auditView struct {
	Status             string   `json:"status"`
	PreApprovedReasons []string `json:"pre_approved_reasons"`
}

type brandView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// AttributeView is an attribute of a product in answers.
type AttributeView struct {
	ID     string               `json:"id"`
	Name   string               `json:"name"`
	Values []AttributeValueView `json:"values"`
}

// AttributeValueView is a value of an attribute in answers.
type AttributeValueView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type certificationView struct {
	ID             string                  `json:"id"`
	Title          string                  `json:"title"`
	Images         []media.ImageView       `json:"images"`
	Files          []CertificationFileView `json:"files"`
	ExpirationDate int64                   `json:"expiration_date,omitempty"`
}

type sizeChartView struct {
	Image    *media.ImageView              `json:"image,omitempty"`
	Template *compliance.SizeChartTemplate `json:"template,omitempty"`
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

// SalesAttributeView tells a SKU apart from its siblings in answers.
type SalesAttributeView struct {
	ID                     string            `json:"id"`
	Name                   string            `json:"name"`
	ValueID                string            `json:"value_id"`
	ValueName              string            `json:"value_name"`
	SKUImage               *media.ImageView  `json:"sku_img,omitempty"`
	SupplementarySKUImages []media.ImageView `json:"supplementary_sku_images,omitempty"`
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
	SalesAttributes      []SalesAttributeView `json:"sales_attributes"`
	StatusInfo           statusView           `json:"status_info"`
	ListPrice            *listPriceView       `json:"list_price,omitempty"`
	ExternalSKUID        string               `json:"external_sku_id,omitempty"`
	ExternalListPrices   []externalListPrice  `json:"external_list_prices,omitempty"`
	ExternalURLs         []string             `json:"external_urls,omitempty"`
	ExtraIdentifierCodes []string             `json:"extra_identifier_codes,omitempty"`
	IdentifierCode       *IdentifierCode      `json:"identifier_code,omitempty"`
	CombinedSKUs         []combinedView       `json:"combined_skus,omitempty"`
	SKUUnitCount         string               `json:"sku_unit_count,omitempty"`
	PreSale              *preSale             `json:"pre_sale,omitempty"`
	Fees                 []Fee                `json:"fees,omitempty"`
	ListingPolicy        *listingPolicyView   `json:"global_listing_policy,omitempty"`
	Weight               *Weight              `json:"sku_weight,omitempty"`
	Dimensions           *Dimensions          `json:"sku_dimensions,omitempty"`
}

type deliveryOptionView struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	IsAvailable bool   `json:"is_available"`
}

type productView struct {
	ID                           string                  `json:"id"`
	Status                       string                  `json:"status"`
	ProductStatus                string                  `json:"product_status"`
	Audit                        auditView               `json:"audit"`
	AuditFailedReasons           []AuditFailure          `json:"audit_failed_reasons,omitempty"`
	Title                        string                  `json:"title"`
	Description                  string                  `json:"description"`
	CreateTime                   int64                   `json:"create_time"`
	UpdateTime                   int64                   `json:"update_time"`
	HasDraft                     bool                    `json:"has_draft"`
	Brand                        *brandView              `json:"brand,omitempty"`
	CategoryChains               []category.CategoryView `json:"category_chains"`
	MainImages                   []media.ImageView       `json:"main_images"`
	ProductAttributes            []AttributeView         `json:"product_attributes"`
	SKUs                         []skuView               `json:"skus"`
	PackageWeight                *Weight                 `json:"package_weight,omitempty"`
	PackageDimensions            *Dimensions             `json:"package_dimensions,omitempty"`
	Certifications               []certificationView     `json:"certifications,omitempty"`
	SizeChart                    *sizeChartView          `json:"size_chart,omitempty"`
	Video                        *VideoRef               `json:"video,omitempty"`
	ExternalProductID            string                  `json:"external_product_id,omitempty"`
	IsCODAllowed                 bool                    `json:"is_cod_allowed"`
	IsNotForSale                 bool                    `json:"is_not_for_sale"`
	IsPreOwned                   bool                    `json:"is_pre_owned"`
	IsReplicated                 bool                    `json:"is_replicated"`
	MinimumOrderQuantity         int                     `json:"minimum_order_quantity,omitempty"`
	ShippingInsuranceRequirement string                  `json:"shipping_insurance_requirement,omitempty"`
	ShippingTemplateID           string                  `json:"shipping_template_id,omitempty"`
	ListingQualityTier           string                  `json:"listing_quality_tier,omitempty"`
	DeliveryOptions              []deliveryOptionView    `json:"delivery_options,omitempty"`
	ManufacturerIDs              []string                `json:"manufacturer_ids"`
	ResponsiblePersonIDs         []string                `json:"responsible_person_ids"`
	PrimaryCombinedProductID     string                  `json:"primary_combined_product_id,omitempty"`
	ProductFamilies              []productFamily         `json:"product_families,omitempty"`
	ProductTypes                 []string                `json:"product_types"`
	ProductTags                  []string                `json:"product_tags"`
	RecommendedCategories        []struct{}              `json:"recommended_categories"`
	SubscribeInfo                subscribeInfo           `json:"subscribe_info"`
	Association                  *GlobalAssociation      `json:"global_product_association,omitempty"`
}

// subscribeInfo tells whether buyers can subscribe to a product.
type subscribeInfo struct {
	Config    []subscribeDiscount `json:"subscribe_promotion_config"`
	Status    string              `json:"subscribe_status"`
	Supported bool                `json:"support_subscribe"`
}

type subscribeDiscount struct {
	Level string `json:"discount_level"`
	Max   int    `json:"max_discount,omitempty"`
	Min   int    `json:"min_discount,omitempty"`
}

// notSubscribed is recorded for a product without subscriptions: the sandbox has
// no others.
var notSubscribed = subscribeInfo{
	Config: []subscribeDiscount{{Level: "REGULAR"}, {Level: "FIRST_ORDER", Max: 99, Min: 1}},
	Status: "NOT_ENABLED",
}

// NewImageView shows an image with links under which it can be seen.
func NewImageView(c *gate.Call, uri string) media.ImageView {
	view := media.ImageView{URI: uri}
	url := media.ImageURL(c, uri)
	view.URLs, view.ThumbURLs = []string{url}, []string{url}
	if info := media.ImagesOf(c.State.World).Get(uri); info != nil {
		view.Width, view.Height = info.Width, info.Height
	}
	return view
}

func imageViews(c *gate.Call, uris []string) []media.ImageView {
	views := make([]media.ImageView, len(uris))
	for i, uri := range uris {
		views[i] = NewImageView(c, uri)
	}
	return views
}

// newPriceView shows a price. The sandbox adds no tax and no cross-border charge,
// so both prices are the one that buyers see.
func newPriceView(r *market.Region, price int64) priceView {
	amount := r.Money(price)
	return priceView{r.Currency, amount, amount}
}

func newListPriceView(r *market.Region, price int64) *listPriceView {
	if price == 0 {
		return nil
	}
	return &listPriceView{r.Money(price), r.Currency}
}

func stockViews(places []Stock) []stockView {
	views := make([]stockView, len(places))
	for i, s := range places {
		views[i] = stockView{WarehouseID: s.Warehouse, Quantity: s.Available}
		if s.Backorder > 0 {
			views[i].BackorderQuantity, views[i].HandlingTime = &s.Backorder, &s.HandlingTime
		}
	}
	return views
}

func newSKUView(c *gate.Call, p *Product, s *SKU, locale string) skuView {
	view := skuView{
		ID: s.ID, SellerSKU: s.SellerSKU,
		Price: newPriceView(c.Shop.Market, s.Price), ListPrice: newListPriceView(c.Shop.Market, s.ListPrice),
		Inventory: stockViews(p.Stock[s.ID]), SalesAttributes: []SalesAttributeView{},
		StatusInfo:    statusView{Status: "NORMAL"},
		ExternalSKUID: s.ExternalID, ExternalListPrices: s.ExternalLists, ExternalURLs: s.ExternalURLs,
		ExtraIdentifierCodes: s.ExtraCodes, IdentifierCode: s.Identifier, CombinedSKUs: combinedViews(c, s.Combined, locale),
		SKUUnitCount: s.UnitCount, PreSale: s.PreSale, Fees: s.Fees, ListingPolicy: p.listingPolicy(s.ID),
	}
	for _, a := range s.Attributes {
		shown := SalesAttributeView{ID: a.ID, Name: a.Name, ValueID: a.ValueID, ValueName: a.Value}
		if a.Image != "" {
			shown.SKUImage = new(NewImageView(c, a.Image))
		}
		if len(a.More) > 0 {
			shown.SupplementarySKUImages = imageViews(c, a.More)
		}
		view.SalesAttributes = append(view.SalesAttributes, shown)
	}
	return view
}

// newProductView shows a product with one of its contents.
func newProductView(c *gate.Call, p *Product, shown *Content, locale string) productView {
	w := c.State.World
	view := productView{
		ID: p.ID, Status: p.Status, ProductStatus: p.Status,
		Audit: auditView{p.Audit, []string{}}, AuditFailedReasons: p.Failures,
		Title: shown.Title, Description: shown.Description,
		CreateTime: p.Created, UpdateTime: p.Updated, HasDraft: p.Draft != nil,
		CategoryChains: []category.CategoryView{}, MainImages: imageViews(c, shown.Images),
		ProductAttributes: []AttributeView{}, SKUs: []skuView{},
		PackageWeight: shown.Weight, PackageDimensions: shown.Dimensions,
		ExternalProductID: shown.ExternalID, IsCODAllowed: shown.COD,
		IsNotForSale: shown.NotForSale, IsPreOwned: shown.PreOwned,
		MinimumOrderQuantity: shown.MinimumQuantity, ShippingInsuranceRequirement: shown.Insurance,
		ShippingTemplateID: shown.ShippingTemplate, ListingQualityTier: p.Quality,
		ManufacturerIDs: append([]string{}, shown.Manufacturers...), ResponsiblePersonIDs: append([]string{}, shown.Responsible...),
		PrimaryCombinedProductID: shown.PrimaryCombined, ProductTypes: shown.types(), ProductFamilies: families(c.Shop, p.ID),
		ProductTags: []string{}, RecommendedCategories: []struct{}{}, SubscribeInfo: notSubscribed,
		Association: p.Association.Of(shown), IsReplicated: p.Replica != nil,
	}
	// product_status does not show reviews: what is under one or lost it has not been
	// live, which is INITIAL.
	if p.Status == ProductPending || p.Status == ProductFailed {
		view.ProductStatus = "INITIAL"
	}
	if b := category.BrandsOf(w).Get(shown.BrandID); b != nil {
		view.Brand = &brandView{b.ID, b.Name}
	}
	if node := category.CatalogOf(w).ByID[shown.CategoryID]; node != nil {
		view.CategoryChains = category.CategoryViews(node.Chain(), locale)
	}
	for _, a := range shown.Attributes {
		values := make([]AttributeValueView, len(a.Values))
		for i, v := range a.Values {
			values[i] = AttributeValueView(v)
		}
		view.ProductAttributes = append(view.ProductAttributes, AttributeView{a.ID, a.Name, values})
	}
	for i := range shown.SKUs {
		sku := newSKUView(c, p, &shown.SKUs[i], locale)
		sku.Weight, sku.Dimensions = shown.Weight, shown.Dimensions // a SKU has none of its own here
		view.SKUs = append(view.SKUs, sku)
	}
	for _, cert := range shown.Certifications {
		shownCert := certificationView{ID: cert.ID, Images: []media.ImageView{}, Files: CertificationFiles(c, cert.Files), ExpirationDate: cert.ExpirationDate}
		for _, image := range cert.Images {
			shownCert.Images = append(shownCert.Images, NewImageView(c, image.URI))
		}
		view.Certifications = append(view.Certifications, shownCert)
	}
	if chart := shown.SizeChart; chart != nil {
		view.SizeChart = &sizeChartView{Template: chart.Template}
		if chart.Image != nil {
			view.SizeChart.Image = new(NewImageView(c, chart.Image.URI))
		}
	}
	if shown.VideoID != "" {
		view.Video = &VideoRef{shown.VideoID}
	}
	for _, id := range shown.DeliveryOptions {
		view.DeliveryOptions = append(view.DeliveryOptions, deliveryOptionView{id, "Standard Shipping", true})
	}
	return view
}

func getProduct(c *gate.Call) *gate.Failure {
	underReview, f := c.Flag("return_under_review_version")
	if f != nil {
		return f
	}
	draft, f := c.Flag("return_draft_version")
	if f != nil {
		return f
	}
	p, f := FindProduct(c, c.Param(0))
	if f != nil {
		return f
	}
	shown := &p.Live
	switch {
	case draft && p.Draft != nil:
		shown = p.Draft
	case underReview && p.Review != nil:
		shown = p.Review
	}
	c.JSON(newProductView(c, p, shown, category.Locale(c)))
	return nil
}
