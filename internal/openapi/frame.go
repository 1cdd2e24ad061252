package openapi

// frame returns a document without operations: what all of them share.
func frame(version string) *Document {
	text := func(s string) *Schema { return &Schema{Type: "string", Description: s} }
	cipher := func(name, description string, required bool) *Parameter {
		return &Parameter{Name: name, In: "query", Description: description, Required: required, Schema: &Schema{Type: "string"}}
	}
	const shop = "Names the shop: `cipher` of `authorization.GetAuthorizedShops`."
	const asset = "Names the category asset: `cipher` of `authorization.GetAuthorizedCategoryAssets`."
	return &Document{
		OpenAPI: "3.1.0",
		Info: Info{
			Title:   "TikTok Shop Open API",
			Version: version,
			Summary: "Every operation of the TikTok Shop Open API, described by ttshop.",
			Description: "Made by `ttshop ops openapi`; it is not a document of TikTok.\n\n" +
				"Every request carries `app_key`, `timestamp` and `sign` in its query and an access token in its header: " +
				"see the security schemes. An answer is an envelope, and it is a success where `code` is 0, whatever the HTTP status.\n\n" +
				"Lists of values are open (`x-extensible-enum`): the platform adds to them without a new version.",
			License: License{"MIT", "MIT"},
		},
		Servers: []Server{
			{URL: "https://open-api.tiktokglobalshop.com", Description: "The platform."},
			{URL: "http://{address}", Description: "A sandbox, started by `ttshop sandbox`.", Variables: map[string]Variable{
				"address": {"127.0.0.1:8080", "Host and port that the sandbox tells when it starts."},
			}},
		},
		Tags:     []Tag{},
		Security: []map[string][]string{{"AppKey": {}, "Timestamp": {}, "Signature": {}, "AccessToken": {}}},
		Paths:    map[string]*PathItem{},
		Codes:    map[string]Code{},
		Components: Components{
			SecuritySchemes: map[string]SecurityScheme{
				"AppKey":    {"apiKey", "query", "app_key", "Key of the app."},
				"Timestamp": {"apiKey", "query", "timestamp", "When the request was signed, in Unix seconds: at most five minutes ago."},
				"Signature": {"apiKey", "query", "sign", "Lower-case hex of HMAC-SHA256, keyed with the app secret, over: the secret, the path, every query parameter but " +
					"`sign` and `access_token` (name and decoded value without separators, sorted by name), the bytes of the body unless it is multipart, the secret."},
				"AccessToken": {"apiKey", "header", "x-tts-access-token", "Access token of the seller or creator who authorized the app. It is not signed."},
			},
			Parameters: map[string]*Parameter{
				"ShopCipher":          cipher("shop_cipher", shop, true),
				"OptionalShopCipher":  cipher("shop_cipher", shop+" May be left out.", false),
				"AssetCipher":         cipher("category_asset_cipher", asset, true),
				"OptionalAssetCipher": cipher("category_asset_cipher", asset+" May be left out.", false),
			},
			Responses: map[string]*Response{
				"Refusal": {
					Description: "Refused before an operation saw it, or overloaded. Some statuses, such as 404 and 503, may come without an envelope.",
					Content:     map[string]Media{"application/json": {Schema: &Schema{Ref: ref("Envelope")}}},
				},
			},
			Schemas: map[string]*Schema{
				"Envelope": {
					Type:        "object",
					Description: "What every answer has around its data.",
					Required:    []string{"code", "message"},
					Properties: map[string]*Schema{
						"code":       {Type: "integer", Format: "int64", Description: "0 for success; `x-ttshop-codes` tells what the others mean."},
						"message":    text("Success, or what was wrong."),
						"request_id": text("Names the request to the platform's support."),
					},
				},
			},
		},
	}
}
