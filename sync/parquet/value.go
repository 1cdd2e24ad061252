package parquet

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/ttshop-go/ttshop/sync"
)

// errUnfit means that the format has no place for a value.
var errUnfit = errors.New("the value does not fit")

// valueOf returns a value as it is written.
func valueOf(t sync.Type, v any) (parquet.Value, error) {
	if v == nil {
		return parquet.NullValue(), nil
	}
	switch t {
	case sync.Integer:
		if n, ok := v.(int64); ok {
			return parquet.Int64Value(n), nil
		}
	case sync.Decimal:
		if text, ok := v.(string); ok {
			return decimal(text)
		}
	case sync.Boolean:
		if b, ok := v.(bool); ok {
			return parquet.BooleanValue(b), nil
		}
	case sync.Time:
		at, err := timeOf(v)
		return parquet.Int64Value(at.UnixMicro()), err
	default:
		if text, ok := v.(string); ok {
			return parquet.ByteArrayValue([]byte(text)), nil
		}
	}
	return parquet.Value{}, fmt.Errorf("%T is not what the column holds", v)
}

// tooLarge is the first amount that has too many digits.
var tooLarge = new(big.Int).Exp(big.NewInt(10), big.NewInt(precision), nil)

// decimal reads an amount, exactly or not at all.
func decimal(text string) (parquet.Value, error) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	fraction = strings.TrimRight(fraction, "0")
	if whole+fraction == "" && !strings.Contains(digits, "0") || strings.Trim(whole+fraction, "0123456789") != "" || len(fraction) > scale {
		return parquet.Value{}, errUnfit
	}
	n, ok := new(big.Int).SetString("0"+whole+fraction+strings.Repeat("0", scale-len(fraction)), 10)
	if !ok || n.Cmp(tooLarge) >= 0 {
		return parquet.Value{}, errUnfit
	}
	if negative {
		n.Neg(n)
	}
	return parquet.FixedLenByteArrayValue(twosComplement(n)), nil
}

// twosComplement returns an integer in 16 bytes, the highest first.
func twosComplement(n *big.Int) []byte {
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), 128))
	}
	return n.FillBytes(make([]byte, 16))
}
