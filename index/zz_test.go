package index
import ("testing";"os";"runtime/pprof";"runtime")
func TestZZHeap(t *testing.T){
 if os.Getenv("ZZ")=="" {t.Skip()}
 s:=newStream(20000)
 ix,err:=Open(t.Context(),Options{Feed:s,Dir:t.TempDir()})
 if err!=nil{t.Fatal(err)}
 ix.CatchUp(t.Context())
 runtime.GC()
 f,_:=os.Create("/tmp/heap.prof"); pprof.WriteHeapProfile(f); f.Close()
 ix.Close()
}
