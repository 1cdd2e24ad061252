package product

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/compliance"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
)

// Weight is the weight of a packed product.
type Weight struct {
	Value string `json:"value"`
	Unit  string `json:"unit"`
}

// Dimensions are the dimensions of a packed product.
type Dimensions struct {
	Length string `json:"length"`
	Width  string `json:"width"`
	Height string `json:"height"`
	Unit   string `json:"unit"`
}

// VideoRef refers to an uploaded video.
type VideoRef struct {
	ID string `json:"id"`
}

// IdentifierCode is a code such as an EAN with its kind.
type IdentifierCode struct {
	Code string `json:"code"`
	Type string `json:"type"`
}

type externalListPrice struct {
	Source   string `json:"source"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

type preSale struct {
	Type            string          `json:"type"`
	FulfillmentType *fulfillmentLag `json:"fulfillment_type,omitempty"`
}

type fulfillmentLag struct {
	HandlingDurationDays int32 `json:"handling_duration_days,omitempty"`
	ReleaseDate          int64 `json:"release_date,omitempty"`
}

// Fee is a fee that is charged on top of a price.
type Fee struct {
	Type                string `json:"type"`
	Amount              string `json:"amount"`
	AdditionalAttribute string `json:"additional_attribute,omitempty"`
}

type listPriceInput struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// PriceInput is a price as requests carry it: amount for local sellers,
// sale_price or amount for global ones.
type PriceInput struct {
	Amount    string `json:"amount"`
	SalePrice string `json:"sale_price"`
	Currency  string `json:"currency"`
}

// StockInput is the stock of a SKU in one warehouse.
type StockInput struct {
	WarehouseID       string `json:"warehouse_id"`
	Quantity          *int64 `json:"quantity"`
	BackorderQuantity *int64 `json:"backorder_quantity"`
	HandlingTime      *int64 `json:"handling_time"`
}

type salesAttributeInput struct {
	ID                     string           `json:"id"`
	Name                   string           `json:"name"`
	ValueID                string           `json:"value_id"`
	ValueName              string           `json:"value_name"`
	SKUImage               *media.ImageRef  `json:"sku_img"`
	SupplementarySKUImages []media.ImageRef `json:"supplementary_sku_images"`
}

// SKUInput is a SKU as callers give it.
type SKUInput struct {
	ID                   string                `json:"id"`
	SalesAttributes      []salesAttributeInput `json:"sales_attributes"`
	SellerSKU            string                `json:"seller_sku"`
	Price                *PriceInput           `json:"price"`
	Inventory            []StockInput          `json:"inventory"`
	ListPrice            *listPriceInput       `json:"list_price"`
	ExternalListPrices   []externalListPrice   `json:"external_list_prices"`
	ExternalSKUID        string                `json:"external_sku_id"`
	ExternalURLs         []string              `json:"external_urls"`
	ExtraIdentifierCodes []string              `json:"extra_identifier_codes"`
	IdentifierCode       *IdentifierCode       `json:"identifier_code"`
	CombinedSKUs         []CombinedSKU         `json:"combined_skus"`
	SKUUnitCount         string                `json:"sku_unit_count"`
	PreSale              *preSale              `json:"pre_sale"`
	Fees                 []Fee                 `json:"fees"`
}

type productAttributeInput struct {
	ID     string              `json:"id"`
	Values []productValueInput `json:"values"`
}

type productValueInput struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// replicatedProduct and subscribeEdit are read for their types only: copies in
// other markets are made by an operation of their own and edited in their own
// shops, and there are no subscriptions.
type replicatedProduct struct {
	Region string `json:"region"`
	SKUs   []struct {
		ID            string       `json:"id"`
		SellerSKU     string       `json:"seller_sku"`
		ExternalSKUID string       `json:"external_sku_id"`
		Price         *PriceInput  `json:"price"`
		Inventory     []StockInput `json:"inventory"`
	} `json:"skus"`
}

type subscribeEdit struct {
	SubscribeStatus string `json:"subscribe_status"`
	DiscountDetails []struct {
		DiscountLevel string `json:"discount_level"`
		DiscountValue int32  `json:"discount_value"`
	} `json:"discount_details"`
}

// ProductInput is the body of the operations that create and edit products.
// Pointers and lists are nil where the field is absent, which in a partial
// edit means that the field stays.
type ProductInput struct {
	SaveMode                     string                  `json:"save_mode"`
	IdempotencyKey               string                  `json:"idempotency_key"`
	Title                        *string                 `json:"title"`
	Description                  *string                 `json:"description"`
	CategoryID                   *string                 `json:"category_id"`
	CategoryVersion              string                  `json:"category_version"`
	BrandID                      *string                 `json:"brand_id"`
	MainImages                   []media.ImageRef        `json:"main_images"`
	SKUs                         []SKUInput              `json:"skus"`
	ProductAttributes            []productAttributeInput `json:"product_attributes"`
	PackageWeight                *Weight                 `json:"package_weight"`
	PackageDimensions            *Dimensions             `json:"package_dimensions"`
	Certifications               []media.Certification   `json:"certifications"`
	SizeChart                    *compliance.SizeChart   `json:"size_chart"`
	Video                        *VideoRef               `json:"video"`
	ExternalProductID            *string                 `json:"external_product_id"`
	IsCODAllowed                 *bool                   `json:"is_cod_allowed"`
	IsNotForSale                 *bool                   `json:"is_not_for_sale"`
	IsPreOwned                   *bool                   `json:"is_pre_owned"`
	MinimumOrderQuantity         *int32                  `json:"minimum_order_quantity"`
	ShippingInsuranceRequirement *string                 `json:"shipping_insurance_requirement"`
	ShippingTemplateID           *string                 `json:"shipping_template_id"`
	DeliveryOptionIDs            []string                `json:"delivery_option_ids"`
	ListingPlatforms             []string                `json:"listing_platforms"`
	ManufacturerIDs              []string                `json:"manufacturer_ids"`
	ResponsiblePersonIDs         []string                `json:"responsible_person_ids"`
	PrimaryCombinedProductID     *string                 `json:"primary_combined_product_id"`
	ReplicatedProducts           []replicatedProduct     `json:"replicated_products"`
	SubscribeInfoEdit            *subscribeEdit          `json:"subscribe_info_edit"`
}
