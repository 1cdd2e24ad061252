package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// buyerChatKinds are the messages that buyers write.
var buyerChatKinds = []string{chatText, chatImage, chatVideo, chatProduct, chatOrder, chatEmoticons}

func postConversation(s *gatehouse, w http.ResponseWriter, r *http.Request) {
	var input struct {
		ShopID    string `json:"shop_id"`
		Buyer     string `json:"buyer_user_id"`
		OrderID   string `json:"order_id"`
		ProductID string `json:"product_id"`
		Text      string `json:"text"`
	}
	if !controlBody(w, r, &input) {
		return
	}
	world, now := s.present()
	shop := world.shopByID(input.ShopID)
	if shop == nil {
		controlError(w, http.StatusNotFound, "no shop has this id")
		return
	}
	shop.mu.Lock()
	defer shop.mu.Unlock()
	id, f := turnToService(shop, input.Buyer, input.OrderID, input.ProductID, input.Text, now.Unix())
	if f != nil {
		refused(w, f)
		return
	}
	controlAnswer(w, http.StatusCreated, struct {
		ID string `json:"conversation_id"`
	}{id})
}

// turnToService is a buyer who begins a conversation, or goes on with the one
// there is: from an order, from a product or from nowhere. Without an id it is
// the buyer of the order, or the first one who has no conversation yet.
func turnToService(s *shop, buyer, orderID, productID, text string, now int64) (id string, f *failure) {
	o := ordersOf(s).byID[orderID]
	switch {
	case orderID != "" && productID != "":
		return "", cannot("a buyer comes from an order or from a product, not from both")
	case orderID != "" && (o == nil || buyer != "" && o.UserID != buyer):
		return "", cannot("order ", orderID, " is not the buyer's, or not the shop's")
	case productID != "" && productsOf(s).byID[productID] == nil:
		return "", cannot("the shop has no product ", productID)
	case buyer != "" && tradeOf(s).buyer(buyer) == nil:
		return "", cannot("no buyer has the id ", buyer)
	case buyer == "" && o != nil:
		buyer = o.UserID
	case buyer == "":
		buyer = tradeOf(s).Buyers[0].ID
		for i := range tradeOf(s).Buyers {
			if other := tradeOf(s).Buyers[i].ID; deskOf(s).conversationWith(other) == nil {
				buyer = other
				break
			}
		}
	}
	c := deskOf(s).conversationWith(buyer)
	if c == nil || c.Ended {
		c = openConversation(s, buyer, now)
	}
	switch {
	case orderID != "":
		say(s, c, chatRoleSystem, chatOnOrder, string(appendJSON(nil, map[string]string{"order_id": orderID})), now)
	case productID != "":
		say(s, c, chatRoleSystem, chatOnProduct, string(appendJSON(nil, map[string]string{"product_id": productID})), now)
	}
	assign(s, c, now)
	if text != "" {
		buyerSays(s, c, chatText, chatContent(text), now)
	}
	return c.ID, nil
}

// chatWith finds a conversation by the id in the path and returns it with its
// shop, which is locked then. It answers where there is none.
func chatWith(s *gatehouse, w http.ResponseWriter, r *http.Request) (*shop, *conversation, int64) {
	world, now := s.present()
	if shop := world.owners.of(r.PathValue("id")); shop != nil {
		shop.mu.Lock()
		if c := deskOf(shop).conversation(r.PathValue("id")); c != nil {
			return shop, c, now.Unix()
		}
		shop.mu.Unlock()
	}
	controlError(w, http.StatusNotFound, "no conversation has this id")
	return nil, nil, 0
}

func postBuyerMessage(s *gatehouse, w http.ResponseWriter, r *http.Request) {
	var input struct {
		Type    string          `json:"type"`
		Text    string          `json:"text"`
		Content json.RawMessage `json:"content"`
	}
	if !controlBody(w, r, &input) {
		return
	}
	if input.Type == "" {
		input.Type = chatText
	}
	content := chatContent(input.Text)
	switch {
	case !slices.Contains(buyerChatKinds, input.Type):
		controlError(w, http.StatusBadRequest, "type is one of "+strings.Join(buyerChatKinds, ", "))
		return
	case (len(input.Content) > 0) == (input.Text != "") || input.Text != "" && input.Type != chatText:
		controlError(w, http.StatusBadRequest, "a message has text, or a type and an object as content")
		return
	case len(input.Content) > 0:
		if !bytes.HasPrefix(input.Content, []byte("{")) {
			controlError(w, http.StatusBadRequest, "content is an object")
			return
		}
		content = string(appendJSON(nil, input.Content))
	}
	shop, c, now := chatWith(s, w, r)
	if c == nil {
		return
	}
	defer shop.mu.Unlock()
	m := buyerSays(shop, c, input.Type, content, now)
	controlAnswer(w, http.StatusCreated, struct {
		ID string `json:"message_id"`
	}{m.ID})
}

func postConversationEnd(s *gatehouse, w http.ResponseWriter, r *http.Request) {
	var input struct {
		Rating int `json:"rating"`
	}
	if !controlBody(w, r, &input) {
		return
	}
	if input.Rating < 0 || input.Rating > 5 {
		controlError(w, http.StatusBadRequest, "rating is from 1 to 5, or 0 for none")
		return
	}
	shop, c, now := chatWith(s, w, r)
	if c == nil {
		return
	}
	defer shop.mu.Unlock()
	if c.Ended {
		refused(w, cannot("conversation ", c.ID, " has ended already"))
		return
	}
	c.Rating = input.Rating
	endConversation(shop, c, now)
	controlAnswer(w, http.StatusOK, struct{}{})
}
