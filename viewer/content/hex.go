package content

import (
	"context"
	"strconv"
	"strings"
)

// hexView shows offset, bytes and ASCII, 16 bytes a line. In auto mode it
// takes what looks binary.
func hexView() View {
	return View{
		Name:  "hex",
		Label: "Hex dump",
		About: "Offset, bytes and characters, 16 a line",
		Priority: func(_ Metadata, data []byte) float64 {
			if isBinary(data) {
				return 0.5
			}
			return 0
		},
		Render: renderHex,
		Stream: func(ctx context.Context, _ Metadata, data []byte, emit func(piece string) error) error {
			return streamHex(ctx, data, emit)
		},
	}
}

// isBinary reports whether more than three in ten of the first 100 bytes are
// not printable ASCII.
func isBinary(data []byte) bool {
	data = data[:min(len(data), 100)]
	odd := 0
	for _, c := range data {
		if c < 9 || 13 < c && c < 32 || c > 126 {
			odd++
		}
	}
	return odd*10 > len(data)*3
}

const (
	hexWidth  = 16  // bytes a line
	hexColumn = 50  // characters of the bytes of a line
	hexChunk  = 256 // lines between two looks at the context
)

func renderHex(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
	var b strings.Builder
	b.Grow(len(data)/hexWidth*76 + 76)
	for offset := 0; offset < len(data); offset += hexWidth {
		if offset%(hexChunk*hexWidth) == 0 && ctx.Err() != nil {
			return Rendered{}, ctx.Err()
		}
		if offset > 0 {
			b.WriteByte('\n')
		}
		hexLine(&b, offset, data[offset:min(offset+hexWidth, len(data))])
	}
	return Rendered{Text: b.String()}, nil
}

// hexLine writes "0000:   6b 4e …   kN…" without a line break.
func hexLine(b *strings.Builder, offset int, data []byte) {
	const digits = "0123456789abcdef"
	address := strconv.FormatInt(int64(offset), 16)
	for range 4 - len(address) {
		b.WriteByte('0')
	}
	b.WriteString(address)
	b.WriteString(":   ")
	column := 0
	for i, c := range data {
		switch {
		case i == 0:
		case i%4 == 0:
			b.WriteString("  ")
			column += 2
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
		column += 2
	}
	for range hexColumn - column + 3 {
		b.WriteByte(' ')
	}
	for _, c := range data {
		if c < 0x20 || c > 0x7e {
			c = '.'
		}
		b.WriteByte(c)
	}
}
