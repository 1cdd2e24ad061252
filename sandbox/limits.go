package sandbox

import "strings"

// limit says what is special about a limit of a field. The zero value means
// that the limit of the catalogue holds and that the gateway's collective code
// answers where it is passed, since no document names another one.
type limit struct {
	code int // that answers instead

	// The operation checks the limit itself: the field is judged one by one,
	// by market or by a switch.
	inOperation bool

	// Corrections of the catalogue, which cuts some numbers at the comma that
	// the official text puts between thousands.
	maxLength int
	max       string
}

// limitRule gives limits to fields of operations.
type limitRule struct {
	operations string // separated by lines; a * at the end stands for the rest
	fields     string // separated by spaces, dotted, without brackets
	limit
}

const (
	productEdits = `POST /product/202309/products
PUT /product/202309/products/{product_id}
PUT /product/202509/products/{product_id}
POST /product/202309/products/{product_id}/partial_edit
POST /product/202509/products/{product_id}/partial_edit`

	globalProductEdits = `POST /product/202309/global_products
PUT /product/202309/global_products/{global_product_id}
PUT /product/202509/global_products/{global_product_id}/partial_edit`
)

// limitRules are the documented codes of limits.
func limitRules() []limitRule {
	return []limitRule{
		{"GET /product/202309/brands\nPOST /product/202309/global_products/search\nPOST /product/202312/global_products/search\nPOST /product/202309/products/search\nPOST /product/202312/products/search\nPOST /product/202502/products/search\nPOST /product/202407/sizecharts/search",
			"page_size", limit{code: codePageSize}},
		{"POST /product/202409/compliance/*\nPOST /product/202501/compliance/*", "page_size", limit{code: 38023047}},
		{"POST /return_refund/202309/*", "page_size", limit{code: codeAuthParameter}},
		{"POST /promotion/202309/activities/search", "page_size", limit{code: 17029001}},

		{"DELETE /product/202309/products\nPOST /product/202309/products/activate\nPOST /product/202309/products/deactivate\nPOST /product/202309/products/recover\nGET /product/202405/products/*", "product_ids", limit{code: codeTooManyProducts}},
		{"DELETE /product/202309/global_products", "global_product_ids", limit{code: codeTooManyProducts}},
		{"POST /product/202312/products/search\nPOST /product/202502/products/search", "sku_ids", limit{code: codeTooManySKUIDs}},
		{"POST /product/202404/images/optimize", "images", limit{code: 12038007}},

		{productEdits, "skus.list_price.amount", limit{code: codeListPrice}},
		{productEdits + "\n" + globalProductEdits, "description", limit{code: codeDescriptionLength, maxLength: 10000}},
		{productEdits + "\n" + globalProductEdits, "main_images", limit{code: codeMainImageCount}},
		{productEdits + "\n" + globalProductEdits, "skus.sales_attributes.name", limit{code: codeAttributeNameLength}},
		{productEdits + "\n" + globalProductEdits, "skus.sales_attributes.value_name product_attributes.values.name", limit{code: codeAttributeLength}},
		{productEdits, "skus.sales_attributes.supplementary_sku_images", limit{code: codeSalesImageCount}},
		{productEdits, "skus.inventory.quantity", limit{code: codeQuantity, max: "99999"}},
		{productEdits, "replicated_products.skus.inventory.quantity", limit{code: codeQuantity, max: "999999"}},
		// The documents limit it in some markets only.
		{productEdits, "minimum_order_quantity", limit{inOperation: true}},
		{globalProductEdits, "skus.inventory.quantity", limit{code: codeQuantity}},
		{"POST /product/202309/global_products/{global_product_id}/publish", "publish_target.skus.inventory.quantity", limit{code: codeQuantity}},
		{"POST /product/202507/products/{product_id}/global_replicate", "replicate_target.skus.inventory.quantity", limit{code: codeQuantity}},
		{"POST /product/202309/categories/recommend\nPOST /product/202309/global_categories/recommend", "description", limit{code: codeDescriptionLength}},
		// A partial failure, and a switch decides on the zero.
		{"POST /product/202309/products/{product_id}/inventory/update", "skus.inventory.quantity", limit{inOperation: true}},
		{"POST /product/202309/brands", "name", limit{inOperation: true}},

		{"POST /product/202409/compliance/manufacturers*\nPOST /product/202409/compliance/responsible_persons*", "name", limit{code: 38023044}},
		{"POST /product/202409/compliance/manufacturers*", "registered_trade_name", limit{code: 38023045}},
		{"POST /product/202409/compliance/manufacturers*", "address", limit{code: 38023043}},
		{"POST /product/202409/compliance/responsible_persons*", "address.city address.district address.postal_code address.province address.street_address_line1 address.street_address_line2", limit{code: 38023043}},

		{"POST /promotion/202309/activities\nPUT /promotion/202309/activities/{activity_id}", "title", limit{code: 17029002}},
		{"DELETE /promotion/202309/activities/{activity_id}/products", "product_ids sku_ids", limit{code: 17029046}},

		{"POST /product/202501/attribute_recommendation_request\nPOST /product/202506/external_products", "external_product.description", limit{maxLength: 10000}},
		{"POST /product/202501/attribute_recommendation_request", "external_product.other_product_data", limit{maxLength: 20000}},
		{"POST /product/202506/external_products", "external_product.skus.inventory_quantity", limit{max: "99999"}},
	}
}

// limitsOf returns what is special about the fields of an operation, by their
// dotted paths.
func limitsOf(key string) map[string]limit {
	special := map[string]limit{}
	for _, rule := range limitRules() {
		for operation := range strings.Lines(rule.operations) {
			operation = strings.TrimSpace(operation)
			prefix, open := strings.CutSuffix(operation, "*")
			if operation != key && !(open && strings.HasPrefix(key, prefix)) {
				continue
			}
			for field := range strings.FieldsSeq(rule.fields) {
				special[field] = rule.limit
			}
		}
	}
	return special
}
