package worker

func discardArray(o *object) {}
