System.Console.WriteLine("KernelGen");
