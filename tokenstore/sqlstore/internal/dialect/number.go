package dialect

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/ttshop-go/ttshop/tokenstore"
)

// LockNumber is the number of a key's lock, where a database's locks have one.
// Two keys that shared one would only wait for each other.
func LockNumber(key tokenstore.Key) int64 {
	sum := sha256.Sum256([]byte("ttshop token store\x00" + key.AppKey + "\x00" + key.OpenID))
	return int64(binary.BigEndian.Uint64(sum[:]))
}
