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
	Read           bool       // it changes nothing, so that it can be repeated
	IdempotencyKey string     // where its idempotency key goes, such as query:idempotency_key; empty where it has none
	Scope          string     // the scope it asks for; empty where it is not documented
	Check          string     // name of the operation that tells whether a write was carried out; empty where it is not known
}

// CipherRule tells whether an operation takes a cipher.
type CipherRule uint8

// The rules. The zero value means that the cipher is not sent.
const (
	CipherNone CipherRule = iota
	CipherOptional
	CipherRequired
)

// BodyKind tells what the body of an operation is.
type BodyKind uint8

// The kinds. The zero value means no body.
const (
	BodyNone BodyKind = iota
	BodyJSON
	BodyMultipart
)
