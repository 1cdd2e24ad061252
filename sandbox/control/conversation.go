package control

import (
	"context"
	"net/url"
)

// Conversation is a buyer who turns to the customer service of a shop.
type Conversation struct {
	ShopID      string `json:"shop_id"`
	BuyerUserID string `json:"buyer_user_id,omitempty"` // empty means the buyer of the order, or somebody without a conversation
	OrderID     string `json:"order_id,omitempty"`      // where the buyer came from, if from an order
	ProductID   string `json:"product_id,omitempty"`    // where the buyer came from, if from a product
	Text        string `json:"text,omitempty"`          // the first message; empty means none yet
}

// StartConversation lets a buyer turn to customer service and returns the id of the
// conversation: the earlier one if the buyer had one.
func (c *Client) StartConversation(ctx context.Context, conversation Conversation) (conversationID string, err error) {
	var started struct {
		ID string `json:"conversation_id"`
	}
	err = c.do(ctx, "POST", "conversations", conversation, &started)
	return started.ID, err
}

// Message is what a buyer writes: a text, or content of another type.
type Message struct {
	Text    string `json:"text,omitempty"`
	Type    string `json:"type,omitempty"`    // IMAGE, VIDEO, PRODUCT_CARD, ORDER_CARD or EMOTICONS; empty means TEXT
	Content any    `json:"content,omitempty"` // encodes as an object, such as map[string]string{"order_id": …}
}

// WriteAsBuyer lets the buyer of a conversation write and returns the id of the
// message. It reopens a conversation that has ended.
func (c *Client) WriteAsBuyer(ctx context.Context, conversationID string, m Message) (messageID string, err error) {
	var written struct {
		ID string `json:"message_id"`
	}
	err = c.do(ctx, "POST", "conversations/"+url.PathEscape(conversationID)+"/messages", m, &written)
	return written.ID, err
}

// EndConversation lets the buyer end a conversation with a rating from 1 to 5,
// or with 0 for none.
func (c *Client) EndConversation(ctx context.Context, conversationID string, rating int) error {
	return c.do(ctx, "POST", "conversations/"+url.PathEscape(conversationID)+"/end", map[string]int{"rating": rating}, nil)
}
