package sandbox

import (
	"bytes"
	"encoding/json"
	_ "image/gif" // registers the format
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxChatMessage  = 2000 // characters
	couponCardPause = 2000 // milliseconds between coupon cards
)

// sendMessage says something to the buyer. Which words are sensitive
// (45101006) and when a kind of message is not available (45111001) is not
// documented, so neither is refused here.
func sendMessage(c *call) *failure {
	var input struct {
		Type    string `json:"type"`
		Content string `json:"content"`
	}
	if f := c.decode(&input); f != nil {
		return f
	}
	now := c.now.Unix()
	c.shop.mu.Lock()
	defer c.shop.mu.Unlock()
	if f := countChatCall(c); f != nil {
		return f
	}
	to, f := findConversation(c, codeChatForeign)
	switch {
	case f != nil:
		return f
	case to.Ended:
		return fail(codeChatClosed, "conversation ", to.ID, " has ended; the buyer may write, or open it again")
	case utf8.RuneCountInString(input.Content) > maxChatMessage:
		return fail(codeChatFailed, "'content' has more than 2000 characters")
	}
	if f := checkMessage(c, to, input.Type, input.Content); f != nil {
		return f
	}
	if input.Type == chatCoupon {
		// The documents do not say whether the pause is between cards of a shop
		// or of a conversation.
		if c.now.UnixMilli() < deskOf(c.shop).CouponCard+couponCardPause {
			return fail(codeCouponCardPause, "a coupon card was sent less than 2 seconds ago")
		}
		deskOf(c.shop).CouponCard = c.now.UnixMilli()
	}
	joinConversation(c.shop, to, now)
	m := say(c.shop, to, chatRoleAgent, input.Type, input.Content, now)
	c.json(struct {
		ID string `json:"message_id"`
	}{m.ID})
	return nil
}

// messageContent is what the content of a message can hold. Numbers come as
// text or as numbers.
type messageContent struct {
	Content   string          `json:"content"`
	URL       string          `json:"url"`
	Width     json.RawMessage `json:"width"`
	Height    json.RawMessage `json:"height"`
	ProductID string          `json:"product_id"`
	OrderID   string          `json:"order_id"`
	PackageID string          `json:"package_id"`
	CouponID  string          `json:"coupon_id"`
}

// checkMessage holds the content of a message against its kind. The forms are
// those that type 14 has; those of the cards about returns and parcels are
// not documented, and here they name an order.
func checkMessage(c *call, to *conversation, kind, content string) *failure {
	var in messageContent
	if err := json.Unmarshal([]byte(content), &in); err != nil {
		return fail(codeChatFailed, "'content' of a message of type ", kind, " must be a JSON object in a text")
	}
	lacks := func(name string) *failure {
		return fail(codeChatFailed, "'content' of a message of type ", kind, " needs '", name, "'")
	}
	switch kind {
	case chatText:
		if strings.TrimSpace(in.Content) == "" {
			return lacks("content")
		}
	case chatVideo:
		if in.URL == "" {
			return lacks("url")
		}
	case chatImage:
		switch {
		case in.URL == "":
			return lacks("url")
		case !knowsImage(c, in.URL):
			return fail(codeChatFailed, "'url' is no image of this shop, upload it first")
		case !positive(in.Width):
			return lacks("width")
		case !positive(in.Height):
			return lacks("height")
		}
	case chatProduct:
		if p := productsOf(c.shop).byID[in.ProductID]; p == nil || p.status != productActivate {
			return fail(codeChatFailed, "'product_id' ", strconv.Quote(in.ProductID), " is no live product of the shop")
		}
	case chatCoupon:
		for i := range promotionsOf(c.shop).Coupons {
			if known := &promotionsOf(c.shop).Coupons[i]; known.ID == in.CouponID && known.status(c.now.Unix()) == activityOngoing {
				return nil
			}
		}
		return fail(codeCouponCardFailed, "'coupon_id' ", strconv.Quote(in.CouponID), " is no coupon of the shop that can be claimed now")
	default:
		return checkOrderCard(c, to, kind, in)
	}
	return nil
}

// checkOrderCard checks the cards about an order of the buyer.
func checkOrderCard(c *call, to *conversation, kind string, in messageContent) *failure {
	code := codeChatFailed
	if kind == chatReturn {
		code = codeReturnCard
	}
	o := ordersOf(c.shop).byID[in.OrderID]
	switch {
	case o == nil || o.UserID != to.Buyer:
		return fail(code, "'order_id' ", strconv.Quote(in.OrderID), " is no order of this buyer")
	case kind == chatReturn && len(returnableLines(c.shop, o)) == 0:
		return fail(code, "nothing of order ", o.ID, " can be returned or refunded")
	case kind != chatLogistics:
		return nil
	}
	packages := packagesOf(c.shop, o)
	for _, p := range packages {
		if in.PackageID == "" || p.ID == in.PackageID {
			return nil
		}
	}
	return fail(code, "order ", o.ID, " has no such package")
}

// positive tells whether a number, or a text with one, is above zero.
func positive(raw json.RawMessage) bool {
	n, err := strconv.Atoi(strings.Trim(string(raw), `"`))
	return err == nil && n > 0
}

// knowsImage tells whether a link leads to an image of this sandbox.
func knowsImage(c *call, link string) bool {
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	name, ok := strings.CutPrefix(u.Path, imagePrefix)
	return ok && imagesOf(c.state.world).get(strings.ReplaceAll(name, "~", "/")) != nil
}

// uploadChatImage takes an image that messages can show. For what it does not
// take no code is documented but that of the gateway.
func uploadChatImage(c *call) *failure {
	parts, f := c.formParts()
	if f != nil {
		return f
	}
	file := parts["data"]
	if len(file) == 0 {
		return missing("data")
	}
	if len(file) > maxImageFile {
		return fail(codeInvalidParameter, "'data' is larger than 10 MB")
	}
	width, height, mediaType := 0, 0, ""
	for _, format := range chatImageFormats() {
		if !format.matches(file) {
			continue
		}
		ok := false
		if width, height, ok = format.size(file); ok {
			mediaType = format.mediaType
		}
		break
	}
	if mediaType == "" {
		return fail(codeInvalidParameter, "'data' is no image in one of the formats JPG, PNG, GIF, WEBP")
	}
	info := imagesOf(c.state.world).add(width, height, mediaType, bytes.Clone(file))
	c.json(struct {
		URL    string `json:"url"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	}{imageURL(c, info.uri), width, height})
	return nil
}

// chatImageFormats are the formats of images in messages.
func chatImageFormats() []imageFormat {
	list := []imageFormat{{
		"image/gif",
		func(d []byte) bool { return bytes.HasPrefix(d, []byte("GIF8")) },
		registeredSize,
	}}
	for _, format := range imageFormats() {
		if format.mediaType == "image/jpeg" || format.mediaType == "image/png" || format.mediaType == "image/webp" {
			list = append(list, format)
		}
	}
	return list
}
