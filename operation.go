package ttshop

// Operation describes one operation of the API to [Client.Do]. The packages
// below api hold one for each of their methods.
type Operation struct {
	Name           string     // domain and name, such as order.GetOrderList
	Method         string     // HTTP method
	Path           string     // path template, such as /order/202507/orders/{order_id}
	ShopCipher     CipherRule // whether it takes the parameter shop_cipher
	AssetCipher    CipherRule // whether it takes the parameter category_asset_cipher
	Body           BodyKind   // what the body is
	Read           bool       // it changes nothing and so can be repeated
	IdempotencyKey string     // where its idempotency key goes, such as query:idempotency_key; empty if it has none
	Scope          string     // the scope it requires; empty if not documented
	Check          string     // name of the operation that shows whether a write was carried out; empty if unknown
}

// CipherRule says whether an operation takes a cipher.
type CipherRule uint8

// The rules. The zero value means that the cipher is not sent.
const (
	CipherNone CipherRule = iota
	CipherOptional
	CipherRequired
)

// BodyKind says what the body of an operation is.
type BodyKind uint8

// The kinds. The zero value means no body.
const (
	BodyNone BodyKind = iota
	BodyJSON
	BodyMultipart
)
