package content

import (
	"context"
	"encoding/hex"
)

// hexStreamView shows the bytes as hexadecimal digits and nothing else, to be
// copied into other programs.
func hexStreamView() View {
	return View{
		Name:  "hex stream",
		Label: "Hex stream",
		About: "All bytes as hex digits",
		Priority: func(_ Metadata, data []byte) float64 {
			if isBinary(data) {
				return 0.4
			}
			return 0
		},
		Render: func(ctx context.Context, _ Metadata, data []byte) (Rendered, error) {
			return Rendered{Text: hex.EncodeToString(data)}, ctx.Err()
		},
	}
}
