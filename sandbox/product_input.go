package sandbox

// weight is the weight of a packed product.
type weight struct {
	Value string `json:"value"`
	Unit  string `json:"unit"`
}

// dimensions are the dimensions of a packed product.
type dimensions struct {
	Length string `json:"length"`
	Width  string `json:"width"`
	Height string `json:"height"`
	Unit   string `json:"unit"`
}

type videoRef struct {
	ID string `json:"id"`
}

type identifierCode struct {
	Code string `json:"code"`
	Type string `json:"type"`
}

type combinedSKU struct {
	ProductID string `json:"product_id"`
	SKUID     string `json:"sku_id"`
	SKUCount  int32  `json:"sku_count"`
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

type fee struct {
	Type                string `json:"type"`
	Amount              string `json:"amount"`
	AdditionalAttribute string `json:"additional_attribute,omitempty"`
}

type listPriceInput struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// priceInput is a price as requests carry it: amount for local sellers,
// sale_price or amount for global ones.
type priceInput struct {
	Amount    string `json:"amount"`
	SalePrice string `json:"sale_price"`
	Currency  string `json:"currency"`
}

// stockInput is the stock of a SKU in one warehouse.
type stockInput struct {
	WarehouseID       string `json:"warehouse_id"`
	Quantity          *int64 `json:"quantity"`
	BackorderQuantity *int64 `json:"backorder_quantity"`
	HandlingTime      *int64 `json:"handling_time"`
}

type salesAttributeInput struct {
	ID                     string     `json:"id"`
	Name                   string     `json:"name"`
	ValueID                string     `json:"value_id"`
	ValueName              string     `json:"value_name"`
	SKUImage               *imageRef  `json:"sku_img"`
	SupplementarySKUImages []imageRef `json:"supplementary_sku_images"`
}

type skuInput struct {
	ID                   string                `json:"id"`
	SalesAttributes      []salesAttributeInput `json:"sales_attributes"`
	SellerSKU            string                `json:"seller_sku"`
	Price                *priceInput           `json:"price"`
	Inventory            []stockInput          `json:"inventory"`
	ListPrice            *listPriceInput       `json:"list_price"`
	ExternalListPrices   []externalListPrice   `json:"external_list_prices"`
	ExternalSKUID        string                `json:"external_sku_id"`
	ExternalURLs         []string              `json:"external_urls"`
	ExtraIdentifierCodes []string              `json:"extra_identifier_codes"`
	IdentifierCode       *identifierCode       `json:"identifier_code"`
	CombinedSKUs         []combinedSKU         `json:"combined_skus"`
	SKUUnitCount         string                `json:"sku_unit_count"`
	PreSale              *preSale              `json:"pre_sale"`
	Fees                 []fee                 `json:"fees"`
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
		Price         *priceInput  `json:"price"`
		Inventory     []stockInput `json:"inventory"`
	} `json:"skus"`
}

type subscribeEdit struct {
	SubscribeStatus string `json:"subscribe_status"`
	DiscountDetails []struct {
		DiscountLevel string `json:"discount_level"`
		DiscountValue int32  `json:"discount_value"`
	} `json:"discount_details"`
}

// productInput is the body of the operations that create and edit products.
// Pointers and lists are nil where the field is absent, which in a partial
// edit means that the field stays.
type productInput struct {
	SaveMode                     string                  `json:"save_mode"`
	IdempotencyKey               string                  `json:"idempotency_key"`
	Title                        *string                 `json:"title"`
	Description                  *string                 `json:"description"`
	CategoryID                   *string                 `json:"category_id"`
	CategoryVersion              string                  `json:"category_version"`
	BrandID                      *string                 `json:"brand_id"`
	MainImages                   []imageRef              `json:"main_images"`
	SKUs                         []skuInput              `json:"skus"`
	ProductAttributes            []productAttributeInput `json:"product_attributes"`
	PackageWeight                *weight                 `json:"package_weight"`
	PackageDimensions            *dimensions             `json:"package_dimensions"`
	Certifications               []certification         `json:"certifications"`
	SizeChart                    *sizeChart              `json:"size_chart"`
	Video                        *videoRef               `json:"video"`
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
