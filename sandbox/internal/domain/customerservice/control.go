package customerservice

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// buyerChatKinds are the messages that buyers write.
var buyerChatKinds = []string{chatText, chatImage, chatVideo, chatProduct, chatOrder, chatEmoticons}

func postConversation(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		ShopID    string `json:"shop_id"`
		Buyer     string `json:"buyer_user_id"`
		OrderID   string `json:"order_id"`
		ProductID string `json:"product_id"`
		Text      string `json:"text"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	world, now := s.Present()
	shop := world.ShopByID(input.ShopID)
	if shop == nil {
		gate.ControlError(w, http.StatusNotFound, "no shop has this id")
		return
	}
	shop.Mu.Lock()
	defer shop.Mu.Unlock()
	id, f := turnToService(shop, input.Buyer, input.OrderID, input.ProductID, input.Text, now.Unix())
	if f != nil {
		gate.Refused(w, f)
		return
	}
	gate.ControlAnswer(w, http.StatusCreated, struct {
		ID string `json:"conversation_id"`
	}{id})
}

// turnToService is a buyer who begins a conversation, or goes on with the one
// there is: from an order, from a product or from nowhere. Without an id it is
// the buyer of the order, or the first one who has no conversation yet.
func turnToService(s *world.Shop, buyer, orderID, productID, text string, now int64) (id string, f *gate.Failure) {
	o := trade.OrdersOf(s).ByID[orderID]
	switch {
	case orderID != "" && productID != "":
		return "", trade.Cannot("a buyer comes from an order or from a product, not from both")
	case orderID != "" && (o == nil || buyer != "" && o.UserID != buyer):
		return "", trade.Cannot("order ", orderID, " is not the buyer's, or not the shop's")
	case productID != "" && product.Of(s).ByID[productID] == nil:
		return "", trade.Cannot("the shop has no product ", productID)
	case buyer != "" && trade.Of(s).Buyer(buyer) == nil:
		return "", trade.Cannot("no buyer has the id ", buyer)
	case buyer == "" && o != nil:
		buyer = o.UserID
	case buyer == "":
		buyer = trade.Of(s).Buyers[0].ID
		for i := range trade.Of(s).Buyers {
			if other := trade.Of(s).Buyers[i].ID; Of(s).conversationWith(other) == nil {
				buyer = other
				break
			}
		}
	}
	c := Of(s).conversationWith(buyer)
	if c == nil || c.Ended {
		c = openConversation(s, buyer, now)
	}
	switch {
	case orderID != "":
		say(s, c, chatRoleSystem, chatOnOrder, string(gate.AppendJSON(nil, map[string]string{"order_id": orderID})), now)
	case productID != "":
		say(s, c, chatRoleSystem, chatOnProduct, string(gate.AppendJSON(nil, map[string]string{"product_id": productID})), now)
	}
	assign(s, c, now)
	if text != "" {
		buyerSays(s, c, chatText, chatContent(text), now)
	}
	return c.ID, nil
}

// chatWith finds a conversation by the id in the path and returns it with its
// shop, which is then locked. If there is none, it answers the request.
func chatWith(s *gate.Gate, w http.ResponseWriter, r *http.Request) (*world.Shop, *conversation, int64) {
	world, now := s.Present()
	if shop := world.Owners.Of(r.PathValue("id")); shop != nil {
		shop.Mu.Lock()
		if c := Of(shop).conversation(r.PathValue("id")); c != nil {
			return shop, c, now.Unix()
		}
		shop.Mu.Unlock()
	}
	gate.ControlError(w, http.StatusNotFound, "no conversation has this id")
	return nil, nil, 0
}

func postBuyerMessage(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		Type    string          `json:"type"`
		Text    string          `json:"text"`
		Content json.RawMessage `json:"content"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	if input.Type == "" {
		input.Type = chatText
	}
	content := chatContent(input.Text)
	switch {
	case !slices.Contains(buyerChatKinds, input.Type):
		gate.ControlError(w, http.StatusBadRequest, "type is one of "+strings.Join(buyerChatKinds, ", "))
		return
	case (len(input.Content) > 0) == (input.Text != "") || input.Text != "" && input.Type != chatText:
		gate.ControlError(w, http.StatusBadRequest, "a message has text, or a type and an object as content")
		return
	case len(input.Content) > 0:
		if !bytes.HasPrefix(input.Content, []byte("{")) {
			gate.ControlError(w, http.StatusBadRequest, "content is an object")
			return
		}
		content = string(gate.AppendJSON(nil, input.Content))
	}
	shop, c, now := chatWith(s, w, r)
	if c == nil {
		return
	}
	defer shop.Mu.Unlock()
	m := buyerSays(shop, c, input.Type, content, now)
	gate.ControlAnswer(w, http.StatusCreated, struct {
		ID string `json:"message_id"`
	}{m.ID})
}

func postConversationEnd(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		Rating int `json:"rating"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	if input.Rating < 0 || input.Rating > 5 {
		gate.ControlError(w, http.StatusBadRequest, "rating is from 1 to 5, or 0 for none")
		return
	}
	shop, c, now := chatWith(s, w, r)
	if c == nil {
		return
	}
	defer shop.Mu.Unlock()
	if c.Ended {
		gate.Refused(w, trade.Cannot("conversation ", c.ID, " has ended already"))
		return
	}
	c.Rating = input.Rating
	endConversation(shop, c, now)
	gate.ControlAnswer(w, http.StatusOK, struct{}{})
}
