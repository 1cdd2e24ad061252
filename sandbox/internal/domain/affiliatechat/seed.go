package affiliatechat

import (
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/affiliate"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Seed invents the conversations that every shop has with creators: one about an
// invitation, one about a sample, one that nobody has read.
func Seed(s *world.Shop, seed uint64, index int, now time.Time) {
	rng := invent.NewRandom(seed, invent.StreamTalks+uint64(index))
	b := &inbox{
		IDs:   invent.IDs{Next: idTalks + uint64(index)*world.IDStride + rng.Uint64N(world.IDStride/2), Random: rng},
		Chats: []*chat{}, Calls: map[string]int{},
	}
	s.Rooms.Furnish(b)
	b.ShopIM = b.IDs.New()
	say := sayer(s)
	const hour = 60 * 60
	list := affiliate.Creators(s.World, s.Region)
	for _, cr := range list {
		if target := affiliate.InvitationOf(s, cr.UserID(), now.Unix()); target != "" {
			at := now.Unix() - 50*hour
			t := say(cr.UserID(), false, typeText, contentOf("content", words(s, "invite")), at)
			say(cr.UserID(), false, typeTarget, contentOf("target_collaboration_id", target), at+20)
			say(cr.UserID(), true, typeText, contentOf("content", words(s, "gladly")), at+hour)
			say(cr.UserID(), true, typeEmoticons, contentOf("content", "[smile]"), at+hour+5)
			t.Read = len(t.Messages)
			break
		}
	}
	if id, who := affiliate.FirstAsked(s); id != "" {
		at := now.Unix() - 30*hour
		say(who, true, typeSample, contentOf("apply_id", id), at)
		t := say(who, true, typeText, contentOf("content", words(s, "sample")), at+30)
		t.Read = len(t.Messages)
		say(who, false, typeText, contentOf("content", words(s, "look")), at+2*hour)
	}
	for _, p := range product.Of(s).List {
		if p.Status == product.ProductActivate {
			who := list[len(list)-1].UserID()
			say(who, true, typeProduct, contentOf("product_id", p.ID), now.Unix()-3*hour)
			say(who, true, typeText, contentOf("content", words(s, "rate")), now.Unix()-3*hour+40)
			say(who, false, typeNotice, contentOf("content", words(s, "notice")), now.Unix()-3*hour+41)
			break
		}
	}
}

// sayer adds invented messages to the conversation with a creator.
func sayer(s *world.Shop) func(creator string, own bool, kind, content string, at int64) *chat {
	return func(creator string, own bool, kind, content string, at int64) *chat {
		t, _ := chatWith(s, creator, at)
		say(s, t, own, kind, content, at)
		return t
	}
}

// words are what is said, in the language of the market.
func words(s *world.Shop, key string) string {
	if strings.HasPrefix(s.Market.Locale, "vi") {
		return map[string]string{
			"invite": "Chào bạn! Shop mời bạn cùng giới thiệu vài sản phẩm nhé.",
			"gladly": "Mình rất vui, để mình xem qua ạ.",
			"sample": "Shop gửi mẫu cho mình được không?",
			"look":   "Shop xem rồi trả lời bạn sớm nhé.",
			"rate":   "Sản phẩm này hoa hồng có thể cao hơn không ạ?",
			"notice": "Hãy trả lời nhà sáng tạo trong vòng 24 giờ.",
		}[key]
	}
	return map[string]string{
		"invite": "Hello! We would love to see some of our products in your videos.",
		"gladly": "With pleasure, let me have a look.",
		"sample": "Could I get a sample of this one?",
		"look":   "We will see and get back to you soon.",
		"rate":   "Is there a higher commission for this one?",
		"notice": "Answer creators within 24 hours.",
	}[key]
}
