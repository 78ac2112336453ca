package promise

import "syscall/js"

// Await returns what p resolves to, or, as a js.Error, what it rejects with.
//
// It parks the calling goroutine, which must not be one that a js.Func runs
// on: the event loop would wait for itself.
func Await(p js.Value) (v js.Value, err error) {
	done := make(chan struct{})
	resolved := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) > 0 {
			v = args[0]
		}
		close(done)
		return nil
	})
	rejected := js.FuncOf(func(_ js.Value, args []js.Value) any {
		err = js.Error{Value: args[0]}
		close(done)
		return nil
	})
	p.Call("then", resolved, rejected)
	<-done
	resolved.Release()
	rejected.Release()
	return v, err
}
