// Package affiliatechat has the conversations of a shop with creators.
package affiliatechat

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/keep"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

const messageHelp = `POST   /_sandbox/creator_messages {"shop_id":…,"text":…} or {"type":"PRODUCT_CARD","content":{"product_id":…}}: a creator writes to the shop
                                 optional: "creator", by user name
`

// Register binds the operations of conversations with creators.
func Register(r *gate.Registry) {
	r.ShopPart(func(s *world.Shop) keep.Part {
		p := keep.Plain("creator_chats", Of(s))
		p.Later = true
		return p
	})
	r.ShopCheck(checkShop)
	r.Sample(sampleChat)
	r.Steer(gate.ControlEndpoint{Pattern: "POST /_sandbox/creator_messages", Help: messageHelp, Handle: postMessage})

	// Some of them may leave the shop out.
	r.Handle("affiliate_seller.GetConversationListV202412", listChats)
	r.Handle("affiliate_seller.GetConversationList", listChats)
	r.Handle("affiliate_seller.CreateConversationWithCreatorV202412", openChat202412)
	r.Handle("affiliate_seller.CreateConversationWithCreator", openChat)
	r.Read("affiliate_seller.GetMessageInTheConversation", listMessages)
	r.Read("affiliate_seller.GetLatestUnreadMessages", listNewest)
	r.Write("affiliate_seller.SendIMMessage", sendMessage)
	r.Limit("msg_type", gate.Limit{Listed: true}, "affiliate_seller.SendIMMessage")
	r.Write("affiliate_seller.MarkConversationRead", markRead)
	r.Handle("affiliate_seller.UploadMessageImage", media.UploadMessageImage)
}
