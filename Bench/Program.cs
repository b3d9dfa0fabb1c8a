System.Console.WriteLine("NewLoom");
