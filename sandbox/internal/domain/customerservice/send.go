package customerservice

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

const (
	maxChatMessage  = 2000 // characters
	couponCardPause = 2000 // milliseconds between coupon cards
)

// sendMessage says something to the buyer. Which words are sensitive
// (45101006) and when a kind of message is not available (45111001) is not
// documented, so neither is refused here.
func sendMessage(c *gate.Call) *gate.Failure {
	var input message
	if f := c.Decode(&input); f != nil {
		return f
	}
	return send(c, input, chatRoleAgent)
}

// message is what is said.
type message struct {
	Type    string `json:"type"`
	Content string `json:"content"`
}

// sendMessageAs is sendMessage as of 202606, which says on whose behalf.
func sendMessageAs(c *gate.Call) *gate.Failure {
	var input struct {
		message
		Role string `json:"sender_role"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	roles := []string{chatRoleAgent, chatRoleSystem, chatRoleRobot}
	if input.Role == "" {
		input.Role = chatRoleAgent
	}
	if !slices.Contains(roles, input.Role) {
		return gate.NotAllowed("sender_role", input.Role, roles)
	}
	return send(c, input.message, input.Role)
}

func send(c *gate.Call, input message, role string) *gate.Failure {
	now := c.Now.Unix()
	if f := countChatCall(c); f != nil {
		return f
	}
	to, f := findConversation(c, codeChatForeign)
	switch {
	case f != nil:
		return f
	case to.Ended:
		return gate.Fail(codeChatClosed, "conversation ", to.ID, " has ended; the buyer may write, or open it again")
	case utf8.RuneCountInString(input.Content) > maxChatMessage:
		return gate.Fail(codeChatFailed, "'content' has more than 2000 characters")
	}
	if f := checkMessage(c, to, input.Type, input.Content); f != nil {
		return f
	}
	if input.Type == chatCoupon {
		// The documents do not say whether the pause is between cards of a shop
		// or of a conversation.
		if c.Now.UnixMilli() < Of(c.Shop).CouponCard+couponCardPause {
			return gate.Fail(codeCouponCardPause, "a coupon card was sent less than 2 seconds ago")
		}
		Of(c.Shop).CouponCard = c.Now.UnixMilli()
	}
	joinConversation(c.Shop, to, now)
	m := say(c.Shop, to, role, input.Type, input.Content, now)
	c.JSON(struct {
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
func checkMessage(c *gate.Call, to *conversation, kind, content string) *gate.Failure {
	var in messageContent
	if err := json.Unmarshal([]byte(content), &in); err != nil {
		return gate.Fail(codeChatFailed, "'content' of a message of type ", kind, " must be a JSON object in a text")
	}
	lacks := func(name string) *gate.Failure {
		return gate.Fail(codeChatFailed, "'content' of a message of type ", kind, " needs '", name, "'")
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
		case !media.KnowsImage(c, in.URL):
			return gate.Fail(codeChatFailed, "'url' is not an image of this shop; upload it first")
		case !positive(in.Width):
			return lacks("width")
		case !positive(in.Height):
			return lacks("height")
		}
	case chatProduct:
		if p := product.Of(c.Shop).ByID[in.ProductID]; p == nil || p.Status != product.ProductActivate {
			return gate.Fail(codeChatFailed, "'product_id' ", strconv.Quote(in.ProductID), " is not a live product of the shop")
		}
	case chatCoupon:
		for i := range promotion.Of(c.Shop).Coupons {
			if known := &promotion.Of(c.Shop).Coupons[i]; known.ID == in.CouponID && known.Status(c.Now.Unix()) == promotion.ActivityOngoing {
				return nil
			}
		}
		return gate.Fail(codeCouponCardFailed, "'coupon_id' ", strconv.Quote(in.CouponID), " is not a coupon of the shop that can be claimed now")
	default:
		return checkOrderCard(c, to, kind, in)
	}
	return nil
}

// checkOrderCard checks the cards about an order of the buyer.
func checkOrderCard(c *gate.Call, to *conversation, kind string, in messageContent) *gate.Failure {
	code := codeChatFailed
	if kind == chatReturn {
		code = codeReturnCard
	}
	o := trade.OrdersOf(c.Shop).ByID[in.OrderID]
	switch {
	case o == nil || o.UserID != to.Buyer:
		return gate.Fail(code, "'order_id' ", strconv.Quote(in.OrderID), " is not an order of this buyer")
	case kind == chatReturn && len(trade.ReturnableLines(c.Shop, o)) == 0:
		return gate.Fail(code, "nothing of order ", o.ID, " can be returned or refunded")
	case kind != chatLogistics:
		return nil
	}
	packages := trade.PackagesOf(c.Shop, o)
	for _, p := range packages {
		if in.PackageID == "" || p.ID == in.PackageID {
			return nil
		}
	}
	return gate.Fail(code, "order ", o.ID, " has no such package")
}

// positive tells whether a number, or a text with one, is above zero.
func positive(raw json.RawMessage) bool {
	n, err := strconv.Atoi(strings.Trim(string(raw), `"`))
	return err == nil && n > 0
}
