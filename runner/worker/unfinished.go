package worker

func (o *object) dropItems() {}
func discardArray(o *object) {}
